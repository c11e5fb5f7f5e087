//! Why a snapshot of the whole host cannot be taken, read or put back.

use crate::store::{ReadError, UpdateError};

/// Why a snapshot of the whole host could not be taken, read or put back. Nothing was changed, unless it says so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HostSnapshotError {
    /// A state could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store could not be read.
    #[error("the store cannot be read: {reason}")]
    Store {
        /// Why.
        reason: String,
    },
    /// So many instances were made meanwhile that no moment was found at which all are there.
    #[error("instances were made faster than they could be counted; try again")]
    Busy,
    /// A value cannot be written.
    #[error("{place} cannot be written: {reason}")]
    Unwritable {
        /// The state, with its key if it has one.
        place: String,
        /// Why.
        reason: String,
    },
    /// The document is none, or is not complete.
    #[error("this is no snapshot of a host: {reason}")]
    Document {
        /// Why.
        reason: String,
    },
    /// A value in the document cannot be read.
    #[error("{place} cannot be read: {reason}")]
    Unreadable {
        /// The state, with its key if it has one.
        place: String,
        /// Why, and where in the value.
        reason: String,
    },
    /// Something was committed since the preview.
    #[error(
        "{place} has changed since the preview, so nothing was put back; look at what would change now"
    )]
    Moved {
        /// The lock.
        place: String,
    },
    /// A lock was not granted, or the store did not keep the change.
    #[error(transparent)]
    Update(#[from] UpdateError),
}
