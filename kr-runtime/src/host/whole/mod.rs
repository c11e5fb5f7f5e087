//! All states of a host at once: taken at one moment, written as one document, and put back as one change.

mod checksum;
mod clixml_document;
mod cut;
mod decoder;
mod difference;
mod document;
mod error;
mod form;
mod go_on;
mod json_reader;
mod json_writer;
mod progress;
mod restore;
mod snapshot;
mod written;

pub(crate) use difference::compared;
pub(crate) use document::read_from;
pub use error::HostSnapshotError;
pub(crate) use go_on::go_on_from;
pub use progress::SnapshotProgress;
pub use restore::{RestorePreview, Restored};
pub(crate) use restore::{preview, restore_all};
pub use snapshot::HostSnapshot;
pub(crate) use snapshot::take;
