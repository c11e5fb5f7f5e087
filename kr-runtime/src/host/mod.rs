pub(crate) mod binding;
pub(crate) mod by_name;
pub(crate) mod by_type;
pub(crate) mod multi_state;
