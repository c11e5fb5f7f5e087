//! All states of a host at once: taken at one moment, written as one document, and put back as one change.

mod clixml_document;
mod cut;
mod difference;
mod document;
mod error;
mod found;
mod json_document;
mod restore;
mod snapshot;
mod written;

pub(crate) use difference::compared;
pub(crate) use document::read;
pub use error::HostSnapshotError;
pub use restore::{RestorePreview, Restored};
pub(crate) use restore::{preview, restore_all};
pub use snapshot::HostSnapshot;
pub(crate) use snapshot::take;
