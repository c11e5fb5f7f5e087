//! A state as a CLIXML document, in text and in files.
//!
//! It may use `clixml`. It never knows hosts, locks or requests.

mod document;
mod file;
pub mod optional;
mod replace;

pub(crate) use document::SNAPSHOT_ERROR_PREFIX;
pub use document::Snapshot;
pub use file::FileError;
pub(crate) use file::{root_error, set_root};
