//! A place in a lock's line.

use super::{Lock, LockError};
use std::sync::atomic::Ordering;

/// Counts as one who waits, for as long as it lives: a request that is cancelled drops it, too.
pub(super) struct Waiting<'l>(&'l Lock);

impl<'l> Waiting<'l> {
    /// Gets in line, unless `most` are there already.
    pub(super) fn enter(lock: &'l Lock, most: usize) -> Result<Self, LockError> {
        let before = lock.waiting.fetch_add(1, Ordering::Relaxed);
        let place = Self(lock);
        let mut record = lock.record();
        if before >= most {
            record.totals.turned_away += 1;
            return Err(LockError::Crowded {
                lock: lock.key.as_str().to_owned(),
                waiting: before,
            });
        }
        record.totals.waited += 1;
        Ok(place)
    }

    /// How many wait for a lock.
    pub(super) fn on(lock: &Lock) -> usize {
        lock.waiting.load(Ordering::Relaxed)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
