//! Response times.

use std::time::Duration;

/// The response times of many requests.
#[derive(Default)]
pub struct Latencies(Vec<Duration>);

impl Latencies {
    /// Adds one.
    pub fn add(&mut self, latency: Duration) {
        self.0.push(latency);
    }

    /// Adds those of others.
    pub fn merge(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// The number of requests.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The median.
    ///
    /// # Panics
    /// If there was no response.
    pub fn median(&mut self) -> Duration {
        self.percentile(50)
    }

    /// The 99th percentile.
    ///
    /// # Panics
    /// If there was no response.
    pub fn p99(&mut self) -> Duration {
        self.percentile(99)
    }

    fn percentile(&mut self, percent: usize) -> Duration {
        assert!(!self.0.is_empty(), "no responses");
        let at = (self.0.len() * percent / 100).min(self.0.len() - 1);
        *self.0.select_nth_unstable(at).1
    }
}
