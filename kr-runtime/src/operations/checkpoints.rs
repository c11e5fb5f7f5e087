//! How the checkpoints of an application are doing.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// How the checkpoints of an application are doing.
#[derive(Clone, Default)]
pub(crate) struct CheckpointStatus(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// Milliseconds since 1970.
    last_success: AtomicU64,
    failures: AtomicU64,
    /// Why the last one was not written.
    failing: Mutex<Option<String>>,
}

impl CheckpointStatus {
    pub(crate) fn succeeded(&self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = u64::try_from(now.unwrap_or_default().as_millis()).unwrap_or(0);
        self.0.last_success.store(now, Relaxed);
        *self.failing_mut() = None;
    }

    pub(crate) fn failed(&self, reason: String) {
        self.0.failures.fetch_add(1, Relaxed);
        *self.failing_mut() = Some(reason);
    }

    /// When one was written last, in seconds since 1970.
    pub(super) fn last_success(&self) -> Option<f64> {
        let last = self.0.last_success.load(Relaxed);
        (last > 0).then_some(last as f64 / 1e3)
    }

    /// How many were not written.
    pub(super) fn failures(&self) -> u64 {
        self.0.failures.load(Relaxed)
    }

    /// Why the last one was not written, if it was not.
    pub(super) fn failing(&self) -> Option<String> {
        self.failing_mut().clone()
    }

    fn failing_mut(&self) -> MutexGuard<'_, Option<String>> {
        self.0
            .failing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
