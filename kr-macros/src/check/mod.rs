pub(crate) mod cacheable;
pub(crate) mod function_kind;
pub(crate) mod handler;
