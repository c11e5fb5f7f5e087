pub(crate) mod debug_print;
pub(crate) mod route;
