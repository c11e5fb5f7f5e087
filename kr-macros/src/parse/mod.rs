pub(crate) mod arguments;
pub(crate) mod key;
pub(crate) mod key_template;
pub(crate) mod locked;
pub(crate) mod route;
pub(crate) mod route_path;
