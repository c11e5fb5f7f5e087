//! What holding a lock means: being its line's holder, given back on drop.

use super::lock_order as order;
use super::{Asker, Lock, Owner, Place};
use crate::store::lock_group::Cut;
use smallvec::SmallVec;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Who holds a lock, for the log line of those who waited in vain.
#[derive(Clone, Copy)]
pub(crate) struct Holder {
    pub(crate) place: Place,
    /// Since when it is held, for those who hold it across a pause. Of the others, since somebody cared: reading the clock
    /// costs as much as the lock itself.
    pub(crate) since: Option<Instant>,
    /// Asking again from there is re-entry. Not known while a request still waits for its other locks, or has not moved
    /// to the task that its handler runs in: until then nothing of the handler has run that could ask.
    pub(crate) owner: Option<Owner>,
}

impl Holder {
    /// For how long the lock has been held, as far as that is known; from now on it is.
    pub(super) fn seen_for(&mut self) -> Duration {
        self.since.get_or_insert_with(Instant::now).elapsed()
    }
}

/// A held lock; dropping it passes the lock on. `L` is how the lock is kept alive.
pub(crate) struct Held<L: Deref<Target = Lock>> {
    lock: L,
    order: order::Entry,
    place: Place,
    is_released: bool,
}

/// The locks that a request holds, released together.
pub(crate) type Guards<L> = SmallVec<[Held<L>; 1]>;

impl<L: Deref<Target = Lock>> Held<L> {
    /// The caller is the line's holder and passes that on to the guard.
    pub(crate) fn new(lock: L, asker: Asker) -> Self {
        Self {
            order: order::Entry::new(&lock, asker.place, asker.owner),
            place: asker.place,
            lock,
            is_released: false,
        }
    }

    /// Releases the lock, after a last change of what it guards.
    pub(crate) fn release<T>(mut self, last: impl FnOnce(&mut Cut) -> T) -> T {
        self.is_released = true;
        self.lock.release(last)
    }

    /// For how long the lock has been held, as far as that is known.
    pub(crate) fn held_for(&self) -> Duration {
        self.lock.held_for()
    }

    /// The current task runs what the lock was taken for.
    pub(crate) fn owned_here(&mut self) {
        let owner = Owner::current();
        self.order.owned_by(owner, &self.lock, self.place);
        if let Some(holder) = self.lock.inside().line.holder_mut() {
            holder.owner = Some(owner);
        }
    }
}

impl<L: Deref<Target = Lock>> Drop for Held<L> {
    fn drop(&mut self) {
        if !self.is_released {
            self.lock.release(|_| ());
        }
    }
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
pub struct LockGuard(pub(super) Held<Arc<Lock>>);

impl LockGuard {
    /// The lock's key, trimmed and in lower case.
    #[must_use]
    pub fn key(&self) -> &str {
        self.0.lock.key().as_str()
    }

    /// How long the lock has been held.
    #[must_use]
    pub fn held_for(&self) -> Duration {
        self.0.held_for()
    }
}

impl fmt::Debug for LockGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LockGuard").field(&self.key()).finish()
    }
}
