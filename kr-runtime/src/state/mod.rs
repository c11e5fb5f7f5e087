pub(crate) mod committed;
pub(crate) mod instance_ref;
pub(crate) mod map_cell;
pub(crate) mod registration;
pub(crate) mod shared;
pub(crate) mod shared_map;
