//! What holding a lock means: a place in the record of holders, given back on drop.

use super::{Lock, Owner, Place};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Who holds a lock, for the log line of those who waited in vain.
#[derive(Clone, Copy)]
pub(crate) struct Holder {
    pub(crate) place: Place,
    pub(crate) since: Instant,
    /// Asking again from there is re-entry. Not known while a request still waits for its other locks, or has not moved
    /// to the task that its handler runs in: until then nothing of the handler has run that could ask.
    pub(crate) owner: Option<Owner>,
}

/// A held lock. Dropping it hands the lock to the request that has waited longest.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), kr_runtime::LockError> {
/// let locks = kr_runtime::Locks::new();
/// let guard = locks.lock("reports").await?;
/// assert_eq!(guard.key(), "reports");
/// drop(guard);
/// # Ok(())
/// # }
/// ```
#[must_use = "the lock is released as soon as its guard is dropped"]
pub struct LockGuard {
    lock: Arc<Lock>,
    since: Instant,
}

impl LockGuard {
    /// The caller has taken the lock's permit and passes it on to the guard.
    pub(super) fn new(lock: Arc<Lock>, place: Place, owner: Option<Owner>) -> Self {
        let since = Instant::now();
        lock.held_by(Holder {
            place,
            since,
            owner,
        });
        Self { lock, since }
    }

    /// The lock's key, trimmed and in lower case.
    #[must_use]
    pub fn key(&self) -> &str {
        self.lock.key().as_str()
    }

    /// How long the lock has been held.
    #[must_use]
    pub fn held_for(&self) -> Duration {
        self.since.elapsed()
    }

    /// The current task runs what the lock was taken for.
    pub(crate) fn owned_here(&self) {
        self.lock.set_owner(Owner::current());
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        self.lock.release();
    }
}

impl fmt::Debug for LockGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LockGuard").field(&self.key()).finish()
    }
}
