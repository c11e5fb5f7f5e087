//! How long a request may wait for all of its locks together, and behind how many others.

use std::time::{Duration, Instant};

/// One deadline for every lock of a request.
///
/// The clock is read when a lock turns out to be taken, so an uncontended request never reads it.
#[derive(Debug)]
pub(crate) struct Deadline {
    wait: Duration,
    at: Option<Instant>,
    max_waiters: usize,
}

impl Deadline {
    pub(crate) fn within(wait: Duration) -> Self {
        Self {
            wait,
            at: None,
            max_waiters: usize::MAX,
        }
    }

    /// Turns the request away from a lock for which so many wait already.
    pub(crate) fn behind_at_most(mut self, waiters: usize) -> Self {
        self.max_waiters = waiters;
        self
    }

    /// Whether there is any waiting at all, or one try.
    pub(super) fn may_wait(&self) -> bool {
        !self.wait.is_zero()
    }

    pub(crate) fn max_waiters(&self) -> usize {
        self.max_waiters
    }

    /// How long the request was allowed to wait.
    pub(crate) fn wait(&self) -> Duration {
        self.wait
    }

    /// When the waiting ends; `None` if that is beyond what the clock can say.
    pub(crate) fn at(&mut self) -> Option<Instant> {
        if self.at.is_none() {
            self.at = Instant::now().checked_add(self.wait);
        }
        self.at
    }
}
