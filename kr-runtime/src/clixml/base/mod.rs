pub(crate) mod error;
pub(crate) mod format;
pub(crate) mod options;
pub(crate) mod truncate;
