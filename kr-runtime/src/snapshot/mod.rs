//! A state as a CLIXML document, in text and in files.
//!
//! It may use `clixml`. It never knows hosts, locks or requests.

mod document;
mod file;
pub mod optional;
mod replace;
mod root;

pub(crate) use document::SNAPSHOT_ERROR_PREFIX;
pub use document::Snapshot;
pub use file::FileError;
#[cfg(feature = "operations")]
pub(crate) use file::{write_keeping, write_private};
pub use root::SnapshotRoot;
pub(crate) use root::{has_roots, inherit, inherit_in_thread, register_root, root_error, within};
