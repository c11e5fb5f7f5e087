//! Who asks for a lock.

use super::{Holder, Owner, Place};
use std::time::Instant;

/// Who asks for a lock, and what for.
#[derive(Clone, Copy)]
pub(crate) struct Asker {
    pub(crate) place: Place,
    /// Who will hold it, if that is known already.
    pub(crate) owner: Option<Owner>,
    /// Whether it will be held across a pause, so that it matters since when.
    pub(crate) lasts: bool,
}

impl Asker {
    /// The current task, which makes a change and goes, without a pause.
    pub(crate) fn passing(place: Place) -> Self {
        Self {
            place,
            owner: Some(Owner::current()),
            lasts: false,
        }
    }

    /// Somebody who keeps the lock while other things happen.
    pub(crate) fn lasting(place: Place, owner: Option<Owner>) -> Self {
        Self {
            place,
            owner,
            lasts: true,
        }
    }

    /// Who is about to wait.
    pub(super) fn asks(&self) -> Owner {
        match self.owner {
            // It has been found out just now.
            Some(owner) if !self.lasts => owner,
            _ => Owner::current(),
        }
    }

    pub(super) fn holder(&self) -> Holder {
        Holder {
            place: self.place,
            owner: self.owner,
            since: self.lasts.then(Instant::now),
        }
    }
}
