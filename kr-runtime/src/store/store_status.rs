//! What a store has done and whether it can be used, for those who operate it.

use super::CommitError;
use crate::sync::{Histogram, HistogramSnapshot};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

const MS: u64 = 1_000_000;

/// Nanoseconds: OpenTelemetry's limits for operations of a database.
const WRITE_LIMITS: &[u64] = &[
    MS / 10,
    MS / 2,
    MS,
    5 * MS,
    10 * MS,
    50 * MS,
    100 * MS,
    500 * MS,
    1_000 * MS,
    5_000 * MS,
    10_000 * MS,
];

const COMMIT_LIMITS: &[u64] = &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/// What a store has written so far.
pub(crate) struct StoreStatus {
    /// How many commits each batch had.
    commits: Histogram,
    /// How long each batch took.
    writes: Histogram,
    errors: AtomicU64,
    /// When it failed last, and why.
    last_error: Mutex<Option<(SystemTime, String)>>,
    /// Why it takes no more commits.
    closed: Mutex<Option<String>>,
}

impl Default for StoreStatus {
    fn default() -> Self {
        Self {
            commits: Histogram::new(COMMIT_LIMITS),
            writes: Histogram::new(WRITE_LIMITS),
            errors: AtomicU64::new(0),
            last_error: Mutex::default(),
            closed: Mutex::default(),
        }
    }
}

impl StoreStatus {
    /// A batch has been given to the store.
    pub(super) fn wrote(&self, commits: usize, took: Duration, written: &Result<(), CommitError>) {
        match written {
            Ok(()) => {
                self.commits.record(commits as u64);
                let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
                self.writes.record(took);
            }
            Err(error) => {
                self.errors.fetch_add(1, Relaxed);
                *guard(&self.last_error) = Some((SystemTime::now(), error.to_string()));
            }
        }
    }

    /// The store takes no more commits.
    pub(super) fn close(&self, reason: &str) {
        guard(&self.closed).get_or_insert_with(|| reason.to_owned());
    }

    /// How many commits each batch had.
    pub(crate) fn commits(&self) -> HistogramSnapshot {
        self.commits.snapshot()
    }

    /// How long writing each batch took, in nanoseconds.
    pub(crate) fn writes(&self) -> HistogramSnapshot {
        self.writes.snapshot()
    }

    /// How many batches were not written.
    pub(crate) fn errors(&self) -> u64 {
        self.errors.load(Relaxed)
    }

    /// When a batch was not written last, and why.
    pub(crate) fn last_error(&self) -> Option<(SystemTime, String)> {
        guard(&self.last_error).clone()
    }

    /// Why the store takes no more commits.
    pub(crate) fn closed(&self) -> Option<String> {
        guard(&self.closed).clone()
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
