//! Counts of measured values in fixed buckets.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How often values of each size were measured. It takes the same room however many there were, and nobody has to collect
/// them: what a scrape would drain grows while nobody scrapes.
pub(crate) struct Histogram {
    /// The upper limits of the buckets, ascending.
    limits: &'static [u64],
    /// One more than there are limits.
    buckets: Box<[AtomicU64]>,
    sum: AtomicU64,
}

/// A histogram at one moment. While values are measured, `sum` may be of some more or less of them than `counts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HistogramSnapshot {
    pub(crate) limits: &'static [u64],
    /// Values in each bucket, the last one without a limit.
    pub(crate) counts: Vec<u64>,
    pub(crate) sum: u64,
}

impl Histogram {
    /// With these upper limits of buckets, which are ascending.
    pub(crate) fn new(limits: &'static [u64]) -> Self {
        debug_assert!(limits.is_sorted());
        Self {
            limits,
            buckets: (0..=limits.len()).map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicU64::new(0),
        }
    }

    /// Counts a value.
    #[inline]
    pub(crate) fn record(&self, value: u64) {
        // Most values are small: the first bucket is nearer than the middle.
        let bucket = self.limits.iter().position(|limit| value <= *limit);
        let bucket = bucket.unwrap_or(self.limits.len());
        self.buckets[bucket].fetch_add(1, Relaxed);
        self.sum.fetch_add(value, Relaxed);
    }

    pub(crate) fn snapshot(&self) -> HistogramSnapshot {
        HistogramSnapshot {
            limits: self.limits,
            counts: self
                .buckets
                .iter()
                .map(|count| count.load(Relaxed))
                .collect(),
            sum: self.sum.load(Relaxed),
        }
    }
}

impl HistogramSnapshot {
    /// How many values were measured.
    pub(crate) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_at_the_limit_of_a_bucket_is_in_it() {
        let histogram = Histogram::new(&[10, 20]);
        for value in [0, 10, 11, 20, 21, 1_000] {
            histogram.record(value);
        }
        let snapshot = histogram.snapshot();
        assert_eq!(snapshot.counts, [2, 2, 2]);
        assert_eq!((snapshot.count(), snapshot.sum), (6, 1_062));
    }
}
