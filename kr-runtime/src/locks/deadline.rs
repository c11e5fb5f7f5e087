//! How long a request may wait for all of its locks together.

use std::time::Duration;
use tokio::time::Instant;

/// One deadline for every lock of a request.
///
/// The clock is read when a lock turns out to be taken, so an uncontended request never reads it.
#[derive(Debug)]
pub(crate) struct Deadline {
    wait: Duration,
    at: Option<Instant>,
}

impl Deadline {
    pub(crate) fn within(wait: Duration) -> Self {
        Self { wait, at: None }
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
