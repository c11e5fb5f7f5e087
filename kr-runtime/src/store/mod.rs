pub(crate) mod counter;
pub(crate) mod key_map;
pub(crate) mod key_space;
pub(crate) mod lock_group;
