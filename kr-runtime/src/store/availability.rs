//! Whether the values of a lock's states can be had, or are being loaded or changed in place.

use smallvec::SmallVec;
use std::sync::Arc;

/// Whether the values can be had.
#[derive(Default)]
pub(crate) enum Availability {
    /// All of them.
    #[default]
    Available,
    /// The store has been asked for them.
    Loading,
    /// Other processes may have changed them since they were loaded.
    Shared,
    /// The store has values that cannot be read.
    Unreadable(Arc<String>),
    /// The store could not be read.
    Unreachable(Arc<String>),
    /// Stores do not keep keys of that many bytes, so there are no values.
    KeyTooLong(usize),
    /// A call wants to change some of them in place, and waits until nobody reads them.
    WaitingForReaders,
    /// Some of them are being changed in place, and cannot be read meanwhile.
    CheckedOut,
    /// A change in place was interrupted; these values are lost.
    Damaged(Arc<Damage>),
}

/// Values that are lost, and why.
pub(crate) struct Damage {
    pub(crate) states: SmallVec<[usize; 1]>,
    pub(crate) reason: String,
}

/// Why a value cannot be had.
pub(crate) enum Unavailable {
    /// It is being changed in place, or loaded.
    Temporarily,
    /// The store has to be asked for the newest one.
    Shared,
    /// The store has it, and it cannot be read.
    Unreadable(Arc<String>),
    /// The store has it, and could not be read.
    Unreachable(Arc<String>),
    /// Stores do not keep keys of that many bytes.
    KeyTooLong(usize),
    /// It is lost.
    Damaged(Arc<Damage>),
}

impl Availability {
    /// Why the value at that index cannot be had.
    #[cold]
    #[inline(never)]
    pub(super) fn of(&self, index: usize) -> Option<Unavailable> {
        match self {
            Self::Available => None,
            Self::Loading | Self::WaitingForReaders | Self::CheckedOut => {
                Some(Unavailable::Temporarily)
            }
            Self::Shared => Some(Unavailable::Shared),
            Self::Unreadable(reason) => Some(Unavailable::Unreadable(Arc::clone(reason))),
            Self::Unreachable(reason) => Some(Unavailable::Unreachable(Arc::clone(reason))),
            Self::KeyTooLong(length) => Some(Unavailable::KeyTooLong(*length)),
            Self::Damaged(damage) => damage
                .states
                .contains(&index)
                .then(|| Unavailable::Damaged(Arc::clone(damage))),
        }
    }

    /// Whether values are away, or soon will be.
    pub(super) fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Loading | Self::WaitingForReaders | Self::CheckedOut
        )
    }
}
