//! An application: its configuration and the checks of it, its endpoints, serving, and stopping.
//!
//! Uses every room below. Nothing uses this one.

mod build;
mod builder;
mod builder_limits;
mod builder_listen;
#[cfg(feature = "openapi")]
mod builder_openapi;
#[cfg(feature = "operations")]
mod builder_operations;
mod builder_parts;
mod builder_stop;
mod builder_tasks;
#[cfg(feature = "operations")]
mod checkpoint;
mod config_errors;
mod endpoint;
mod error;
mod limits;
#[cfg(feature = "operations")]
mod operated;
mod parts;
mod router;
mod serve;
mod server;
mod stop;
mod tasks;

pub use builder::App;
pub use endpoint::Endpoint;
pub use error::{Error, Result};
pub use server::Server;
