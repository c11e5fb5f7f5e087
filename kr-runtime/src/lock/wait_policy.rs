//! How long a request may wait for all of its locks together, and how many may wait before it.

use std::time::{Duration, Instant};

/// How long a request waits for its locks unless somebody says otherwise.
pub(crate) const DEFAULT_LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// One time limit for every lock of a request, and a bound on the queue that it may join.
///
/// The clock is read when a lock turns out to be taken, so an uncontended request never reads it.
#[derive(Debug)]
pub(crate) struct WaitPolicy {
    timeout: Duration,
    deadline: Option<Instant>,
    max_waiters: usize,
}

impl WaitPolicy {
    /// For code that says nothing else: 30 seconds, any number of waiters.
    pub(crate) const DEFAULT: Self = Self::within(DEFAULT_LOCK_TIMEOUT);

    pub(crate) const fn within(timeout: Duration) -> Self {
        Self {
            timeout,
            deadline: None,
            max_waiters: usize::MAX,
        }
    }

    /// Rejects the request where that many already wait.
    pub(crate) fn max_waiters(mut self, waiters: usize) -> Self {
        self.max_waiters = waiters;
        self
    }

    /// Whether the request may wait at all, or tries once.
    pub(super) fn may_wait(&self) -> bool {
        !self.timeout.is_zero()
    }

    pub(super) fn is_full(&self, waiters: usize) -> bool {
        waiters >= self.max_waiters
    }

    /// How long the request may wait.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// When the wait ends; `None` if that is beyond what the clock can say.
    pub(crate) fn deadline(&mut self) -> Option<Instant> {
        if self.deadline.is_none() {
            self.deadline = Instant::now().checked_add(self.timeout);
        }
        self.deadline
    }
}
