//! An application: its configuration and the checks of it, its endpoints, serving, and stopping.
//!
//! Uses every room below. Nothing uses this one.

mod builder;
mod builder_limits;
mod endpoint;
mod error;
mod limits;
mod serve;
mod server;
mod stop;

pub use builder::App;
pub use endpoint::Endpoint;
pub use error::{Error, Result};
pub use server::Server;
