pub(crate) mod builder;
pub(crate) mod endpoint;
pub(crate) mod error;
pub(crate) mod server;
