//! How long answers took.

use std::time::Duration;

/// How long each of many answers took.
#[derive(Default)]
pub struct Latencies(Vec<Duration>);

impl Latencies {
    pub(super) fn add(&mut self, latency: Duration) {
        self.0.push(latency);
    }

    pub(super) fn merge(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// What 99 of 100 answers stayed under.
    ///
    /// # Panics
    /// If there was no answer.
    pub fn p99(&mut self) -> Duration {
        assert!(!self.0.is_empty(), "no responses");
        let at = (self.0.len() * 99 / 100).min(self.0.len() - 1);
        *self.0.select_nth_unstable(at).1
    }
}
