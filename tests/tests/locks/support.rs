//! Helpers that the tests of the locks share.

use kr_runtime::{LockGuard, Locks};

/// Locks `name` in a task that then ends. The test holds the guard, but does not count as the owner: when it requests the
/// lock again, it waits instead of getting an error for re-entry.
pub(crate) async fn lock_from_ended_task(locks: &Locks, name: &str) -> LockGuard {
    tokio::spawn(locks.lock(name)).await.unwrap().unwrap()
}

/// The number of requests that wait for a lock.
pub(crate) fn waiters(locks: &Locks, name: &str) -> usize {
    let list = locks.list();
    let lock = list.iter().find(|status| status.lock == name);
    lock.map_or(0, |status| status.waiting)
}

/// No lock is held or waited for, and the table has no entry.
pub(crate) fn assert_no_entries(locks: &Locks) {
    assert_eq!(format!("{locks:?}"), "{}");
}
