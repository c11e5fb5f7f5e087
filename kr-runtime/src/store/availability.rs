//! Whether the values of a lock's states can be had, or are being changed in place.

use smallvec::SmallVec;
use std::sync::Arc;

/// Whether the values can be had.
#[derive(Default)]
pub(crate) enum Availability {
    /// All of them.
    #[default]
    Available,
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
    /// It is being changed in place.
    Temporarily,
    /// It is lost.
    Damaged(Arc<Damage>),
}

impl Availability {
    /// Why the value at that index cannot be had.
    pub(super) fn of(&self, index: usize) -> Option<Unavailable> {
        match self {
            Self::Available => None,
            Self::WaitingForReaders | Self::CheckedOut => Some(Unavailable::Temporarily),
            Self::Damaged(damage) => damage
                .states
                .contains(&index)
                .then(|| Unavailable::Damaged(Arc::clone(damage))),
        }
    }

    /// Whether values are away, or soon will be.
    pub(super) fn is_temporary(&self) -> bool {
        matches!(self, Self::WaitingForReaders | Self::CheckedOut)
    }
}
