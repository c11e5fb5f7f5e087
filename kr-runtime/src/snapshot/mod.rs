//! A state as a CLIXML document, in text and in files.
//!
//! It may use `clixml`. It never knows hosts, locks or requests.

mod document;
mod file;
pub mod optional;

pub use document::Snapshot;
pub(crate) use document::UNREADABLE;
pub use file::FileError;
pub(crate) use file::{root_problem, set_root};
