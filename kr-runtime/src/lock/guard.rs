//! A held lock, released on drop.

use super::{CallSite, Lock, LockRequest, Task, lock_order};
use smallvec::SmallVec;
use std::mem;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

/// How a lock is kept alive while it is held: by a reference, or by a count.
pub(crate) trait LockRef: Deref<Target = Lock<Self::Value>> + Clone {
    /// What the lock guards.
    type Value: Send + 'static;
}

impl<V: Send + 'static> LockRef for &Lock<V> {
    type Value = V;
}

impl<V: Send + 'static> LockRef for Arc<Lock<V>> {
    type Value = V;
}

/// A held lock; dropping it passes the lock on.
pub(crate) struct Held<L: LockRef> {
    lock: L,
    order: lock_order::HeldEntry,
    call_site: CallSite,
    is_released: bool,
}

/// The locks that a request holds, released together.
pub(crate) type Guards<L> = SmallVec<[Held<L>; 1]>;

impl<L: LockRef> Held<L> {
    /// The lock has been granted to this request.
    pub(crate) fn new(lock: L, request: LockRequest) -> Self {
        Self {
            order: lock_order::HeldEntry::new(lock.order(), request),
            call_site: request.call_site,
            lock,
            is_released: false,
        }
    }

    /// The same, with another reference to the lock.
    pub(crate) fn owned<O: LockRef<Value = L::Value>>(mut self, lock: O) -> Held<O> {
        self.is_released = true;
        Held {
            lock,
            order: mem::take(&mut self.order),
            call_site: self.call_site,
            is_released: false,
        }
    }

    pub(crate) fn lock(&self) -> &Lock<L::Value> {
        &self.lock
    }

    /// Changes what the lock guards and releases it, in one step.
    #[inline]
    pub(crate) fn release<T>(mut self, last: impl FnOnce(&mut L::Value) -> T) -> T {
        self.is_released = true;
        self.lock.release(last)
    }

    /// How long the lock has been held, as far as that is known.
    pub(crate) fn hold_time(&self) -> Duration {
        self.lock.hold_time()
    }

    /// Says that the current task runs what the lock was taken for.
    pub(crate) fn set_task(&mut self) {
        let task = Task::current();
        self.order.set_task(task, self.lock.order(), self.call_site);
        if let Some(holder) = self.lock.entry().queue.holder_mut() {
            holder.task = Some(task);
        }
    }
}

impl<L: LockRef> Drop for Held<L> {
    #[inline]
    fn drop(&mut self) {
        if !self.is_released {
            self.lock.release(|_| ());
        }
    }
}
