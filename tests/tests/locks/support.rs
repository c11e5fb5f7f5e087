//! What the tests of the locks share.

use kr_runtime::{LockGuard, Locks};

/// The lock of that name, taken by a task that has ended: whoever holds the guard now may ask for the lock again and will
/// wait like anybody else.
pub(crate) async fn taken(locks: &Locks, name: &str) -> LockGuard {
    tokio::spawn(locks.lock(name)).await.unwrap().unwrap()
}

/// How many wait for a lock.
pub(crate) fn waiting(locks: &Locks, name: &str) -> usize {
    let list = locks.list();
    let lock = list.iter().find(|status| status.lock == name);
    lock.map_or(0, |status| status.waiting)
}

/// Nobody holds a lock or waits for one, and no name takes memory.
pub(crate) fn nothing_is_left(locks: &Locks) {
    assert_eq!(format!("{locks:?}"), "{}");
}
