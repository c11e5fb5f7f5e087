pub(crate) mod diagnostic;
pub(crate) mod function;
pub(crate) mod runtime_path;
pub(crate) mod separators;
pub(crate) mod suggestion;
pub(crate) mod types;
