//! Counters that were counted without a commit: their rows are written soon.

use super::store::Core;
use crate::lock::{CallSite, LockRequest, WaitPolicy, acquire};
use crate::store::group_ref::{GroupHandle, GroupRef};
use crate::store::shared::lock_rows;
use crate::sync::log;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::sleep;

/// How long counts may wait for a batch.
const COUNTS_WAIT: Duration = Duration::from_millis(100);

/// How long it takes until a failed try is repeated.
const PAUSE: Duration = Duration::from_secs(1);

/// The counts that wait.
#[derive(Default)]
pub(super) struct Counting {
    waiting: AtomicUsize,
    is_done: Notify,
}

impl Counting {
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

    pub(super) fn begin(&self) {
        self.waiting.fetch_add(1, Ordering::AcqRel);
    }

    fn end(&self) {
        if self.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.is_done.notify_waiters();
        }
    }
}

/// Sees to it that the counts of a group are written.
pub(super) async fn run(core: Weak<Core>, group: GroupHandle) {
    sleep(COUNTS_WAIT).await;
    let mut tries = 0;
    while let Some(core) = core.upgrade() {
        tries += 1;
        if write(&group).await || tries == 3 {
            core.counting.end();
            return;
        }
        drop(core);
        sleep(PAUSE).await;
    }
}

/// Whoever has the rows has them written.
async fn write(group: &GroupHandle) -> bool {
    let keeper = group.group().chain().counter_keeper();
    if keeper.is_none_or(|keeper| !keeper.is_dirty()) {
        return true;
    }
    let mut policy = WaitPolicy::OF_LOCK;
    let request = LockRequest::short(CallSite::here());
    let lock = Arc::clone(&group.group().lock);
    let written = async {
        let held = acquire(lock, request, &mut policy).await?;
        let rows = lock_rows(std::slice::from_ref(group), false, &mut policy).await?;
        drop((held, rows));
        Ok::<(), crate::lock::LockError>(())
    };
    match written.await {
        Ok(()) => true,
        Err(error) => {
            log::warn!("counts could not be kept yet: {error}");
            false
        }
    }
}
