//! How long a request may wait for all of its locks together, and how many may wait before it.

use std::time::{Duration, Instant};

/// How long a request waits for its locks unless somebody says otherwise.
pub(crate) const DEFAULT_LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a request waits for a lock, and how many may wait before it, unless the request says otherwise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WaitLimits {
    pub(crate) timeout: Duration,
    pub(crate) max_waiters: usize,
}

impl Default for WaitLimits {
    fn default() -> Self {
        Self {
            timeout: DEFAULT_LOCK_TIMEOUT,
            max_waiters: usize::MAX,
        }
    }
}

/// One time limit for every lock of a request, and a bound on the queue that it may join.
///
/// The clock and the limits of the lock are read when it turns out to be taken, so an uncontended request never reads them.
#[derive(Debug)]
pub(crate) struct WaitPolicy {
    timeout: Option<Duration>,
    max_waiters: Option<usize>,
    deadline: Option<Instant>,
}

impl WaitPolicy {
    /// For code that says nothing else: the limits of the first lock that is taken.
    pub(crate) const OF_LOCK: Self = Self {
        timeout: None,
        max_waiters: None,
        deadline: None,
    };

    pub(crate) const fn within(timeout: Duration) -> Self {
        Self {
            timeout: Some(timeout),
            ..Self::OF_LOCK
        }
    }

    /// Rejects the request where that many already wait.
    pub(crate) fn max_waiters(mut self, waiters: usize) -> Self {
        self.max_waiters = Some(waiters);
        self
    }

    /// Takes the limits of a lock for what the request does not say.
    pub(super) fn resolve(&mut self, limits: WaitLimits) {
        self.timeout.get_or_insert(limits.timeout);
        self.max_waiters.get_or_insert(limits.max_waiters);
    }

    /// Whether the request may wait at all, or tries once.
    pub(super) fn may_wait(&self) -> bool {
        self.timeout != Some(Duration::ZERO)
    }

    pub(super) fn is_full(&self, waiters: usize) -> bool {
        self.max_waiters.is_some_and(|most| waiters >= most)
    }

    /// How long the request may wait.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(DEFAULT_LOCK_TIMEOUT)
    }

    /// When the wait ends; `None` if that is beyond what the clock can say.
    pub(super) fn deadline(&mut self) -> Option<Instant> {
        if self.deadline.is_none() {
            self.deadline = Instant::now().checked_add(self.timeout());
        }
        self.deadline
    }
}
