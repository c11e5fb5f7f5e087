//! The store as it is shown.

use super::service::Service;
use crate::sync::HistogramSnapshot;
use serde::Serialize;
use std::time::SystemTime;

/// The store of an application.
#[derive(Serialize)]
pub(crate) struct StoreView {
    /// `memory`, or the name of the file or server.
    pub(crate) name: String,
    pub(crate) is_memory: bool,
    /// Why it takes no more commits.
    pub(crate) closed: Option<String>,
    /// Batches that were written.
    pub(crate) batches: u64,
    /// Commits in them.
    pub(crate) commits: u64,
    /// Seconds that writing a batch takes: on average, and at most for 99 of 100.
    pub(crate) sync_seconds_mean: Option<f64>,
    pub(crate) sync_seconds_p99: Option<f64>,
    /// Batches that were not written.
    pub(crate) errors: u64,
    pub(crate) last_error: Option<String>,
    /// In seconds since 1970.
    #[serde(serialize_with = "super::time::serialize")]
    pub(crate) last_error_at: Option<SystemTime>,
}

pub(super) fn view(service: &Service) -> StoreView {
    let mut view = StoreView {
        name: "memory".to_owned(),
        is_memory: true,
        closed: None,
        batches: 0,
        commits: 0,
        sync_seconds_mean: None,
        sync_seconds_p99: None,
        errors: 0,
        last_error: None,
        last_error_at: None,
    };
    let Some(store) = &service.store else {
        return view;
    };
    let status = store.journal.status();
    let (commits, writes) = (status.commits(), status.writes());
    view.name = store.name().to_owned();
    view.is_memory = false;
    view.closed = status.closed();
    view.batches = writes.count();
    view.commits = commits.sum;
    if writes.count() > 0 {
        view.sync_seconds_mean = Some(writes.sum as f64 / writes.count() as f64 / 1e9);
        view.sync_seconds_p99 = at_most(&writes, 0.99).map(|limit| limit as f64 / 1e9);
    }
    view.errors = status.errors();
    if let Some((at, reason)) = status.last_error() {
        view.last_error = Some(reason);
        view.last_error_at = Some(at);
    }
    view
}

/// The limit that this part of the values does not exceed; `None` if it is beyond the last bucket.
fn at_most(histogram: &HistogramSnapshot, part: f64) -> Option<u64> {
    let mut left = (histogram.count() as f64 * part).ceil() as u64;
    for (limit, count) in histogram.limits.iter().zip(&histogram.counts) {
        if left <= *count {
            return Some(*limit);
        }
        left -= count;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_values_is_below_a_limit() {
        let histogram = HistogramSnapshot {
            limits: &[10, 20, 30],
            counts: vec![90, 8, 1, 1],
            sum: 0,
        };
        assert_eq!(at_most(&histogram, 0.5), Some(10));
        assert_eq!(at_most(&histogram, 0.95), Some(20));
        assert_eq!(at_most(&histogram, 0.99), Some(30));
        assert_eq!(at_most(&histogram, 1.0), None);
    }
}
