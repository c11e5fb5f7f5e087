//! Counters that were counted without a commit, and whose rows are to be written soon.

use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

/// How many states were counted and not written yet.
#[derive(Default)]
pub(super) struct Counting {
    waiting: AtomicUsize,
    is_done: Notify,
}

impl Counting {
    pub(super) fn begin(&self) {
        self.waiting.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn end(&self) {
        if self.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.is_done.notify_waiters();
        }
    }

    /// Waits until nothing waits.
    pub(super) async fn done(&self) {
        loop {
            let done = self.is_done.notified();
            if self.waiting.load(Ordering::Acquire) == 0 {
                return;
            }
            done.await;
        }
    }
}
