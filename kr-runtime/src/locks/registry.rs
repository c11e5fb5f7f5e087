//! The locks of an application, found by name.

use super::{Deadline, Key, Lock, LockError, LockGuard, LockStatus, Owner, Place};
use crate::sync::{Mutex, MutexGuard};
use std::collections::HashMap;
use std::fmt;
use std::panic::Location;
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

/// The locks of an application, by name.
///
/// A handler names its locks in `#[locked]`; this is for code outside handlers, and for locks that guard something other
/// than shared state. A name that nobody holds or waits for takes no memory. Clones share the same locks.
///
/// ```
/// # use kr_runtime::Locks;
/// # use std::time::Duration;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), kr_runtime::LockError> {
/// let locks = Locks::new();
/// let held = locks.lock("Reports").await?;
/// assert!(locks.lock_within(" reports ", Duration::ZERO).await.is_err());
/// drop(held);
/// assert!(locks.lock_within("reports", Duration::ZERO).await.is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Locks {
    table: Arc<Table>,
}

/// Entries are weak: whoever holds a lock or waits for it keeps it alive, and the last one takes the entry away.
#[derive(Default)]
pub(crate) struct Table(Mutex<HashMap<Key, Weak<Lock>>>);

impl Locks {
    /// A registry of its own. [`App::locks`](crate::App::locks) gives the one that an application's routes use.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the lock of that name, waiting in line for at most 30 seconds.
    ///
    /// # Errors
    /// [`LockError::TimedOut`], [`LockError::Reentrant`] if the calling task holds it already, or
    /// [`LockError::EmptyKey`].
    #[track_caller]
    pub fn lock(
        &self,
        key: &str,
    ) -> impl Future<Output = Result<LockGuard, LockError>> + Send + use<> {
        self.lock_within(key, super::DEFAULT_WAIT)
    }

    /// Takes the lock of that name, waiting in line for at most `wait`. With [`Duration::ZERO`] it tries once.
    ///
    /// # Errors
    /// As [`lock`](Self::lock).
    #[track_caller]
    pub fn lock_within(
        &self,
        key: &str,
        wait: Duration,
    ) -> impl Future<Output = Result<LockGuard, LockError>> + Send + use<> {
        let place = Place::Code(Location::caller());
        let lock = Key::new(key).map(|key| self.get(key));
        async move {
            let lock = lock.ok_or(LockError::EmptyKey)?;
            let owner = Some(Owner::current());
            lock.acquire(place, owner, &mut Deadline::within(wait))
                .await
        }
    }

    /// The locks that are in use or guard a state, sorted by key: who holds them, and how many wait.
    #[must_use]
    pub fn list(&self) -> Vec<LockStatus> {
        let locks: Vec<Arc<Lock>> = {
            let entries = self.table.entries();
            entries.values().filter_map(Weak::upgrade).collect()
        };
        let mut list: Vec<_> = locks.iter().map(|lock| lock.status()).collect();
        list.sort_by(|one, other| one.lock.cmp(&other.lock));
        list
    }

    /// The lock of that name, which exists as long as somebody keeps it.
    pub(crate) fn get(&self, key: Key) -> Arc<Lock> {
        let mut table = self.table.entries();
        if let Some(lock) = table.get(&key).and_then(Weak::upgrade) {
            return lock;
        }
        let lock = Arc::new(Lock::new(key.clone(), Arc::downgrade(&self.table)));
        table.insert(key, Arc::downgrade(&lock));
        lock
    }

    /// Makes a lock that exists already, a state's, the one of its name here.
    pub(crate) fn adopt(&self, lock: &Arc<Lock>) {
        self.table
            .entries()
            .insert(lock.key().clone(), Arc::downgrade(lock));
    }
}

impl fmt::Debug for Locks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.table.entries().keys()).finish()
    }
}

impl Table {
    fn entries(&self) -> MutexGuard<'_, HashMap<Key, Weak<Lock>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Called when a lock is gone. Its name may have a new lock by now; that one stays.
    pub(super) fn forget(&self, key: &Key) {
        let mut entries = self.entries();
        if entries
            .get(key)
            .is_some_and(|lock| lock.strong_count() == 0)
        {
            entries.remove(key);
        }
    }
}
