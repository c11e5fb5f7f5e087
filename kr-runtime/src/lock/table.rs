//! The locks of an application, found by name.

use super::template::Template;
use super::{
    Asker, Deadline, Key, Lock, LockError, LockGuard, LockStatus, Owner, Place, acquire, blocking,
};
use crate::sync::{Mutex, MutexGuard};
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
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
pub(crate) struct Table {
    /// Tells registries apart.
    #[cfg_attr(not(debug_assertions), allow(dead_code))]
    pub(super) id: u64,
    names: Mutex<Names>,
}

#[derive(Default)]
struct Names {
    locks: HashMap<Key, Weak<Lock>>,
    /// Registries that have all names of a certain form.
    keyed: Vec<(Template, Locks)>,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            id: unique(),
            names: Mutex::default(),
        }
    }
}

/// A number that nothing else in the process has.
pub(super) fn unique() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

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
        let place = Place::here();
        let lock = Key::new(key).map(|key| self.get(key));
        async move {
            let lock = lock.ok_or(LockError::EmptyKey)?;
            let asker = Asker::lasting(place, Some(Owner::current()));
            let held = acquire(lock, asker, &mut Deadline::within(wait)).await?;
            Ok(LockGuard(held))
        }
    }

    /// As [`lock`](Self::lock), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// As [`lock`](Self::lock).
    ///
    /// # Panics
    /// On a thread that drives async tasks: all of them would wait, perhaps the holder among them.
    #[track_caller]
    pub fn blocking_lock(&self, key: &str) -> Result<LockGuard, LockError> {
        self.blocking_lock_within(key, super::DEFAULT_WAIT)
    }

    /// As [`lock_within`](Self::lock_within), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// As [`lock`](Self::lock).
    ///
    /// # Panics
    /// As [`blocking_lock`](Self::blocking_lock).
    #[track_caller]
    pub fn blocking_lock_within(&self, key: &str, wait: Duration) -> Result<LockGuard, LockError> {
        let place = Place::here();
        let lock = Key::new(key).map(|key| self.get(key));
        let lock = lock.ok_or(LockError::EmptyKey)?;
        let asker = Asker::lasting(place, Some(Owner::current()));
        blocking::acquire(lock, asker, &mut Deadline::within(wait)).map(LockGuard)
    }

    /// The locks that are in use or guard a state, sorted by key: who holds them, and how many wait.
    #[must_use]
    pub fn list(&self) -> Vec<LockStatus> {
        let (locks, keyed): (Vec<Arc<Lock>>, _) = {
            let names = self.table.names();
            let locks = names.locks.values().filter_map(Weak::upgrade);
            (locks.collect(), names.keyed.clone())
        };
        let mut list: Vec<_> = locks.iter().map(|lock| lock.status()).collect();
        list.extend(keyed.iter().flat_map(|(_, locks)| locks.list()));
        list.sort_by(|one, other| one.lock.cmp(&other.lock));
        list
    }

    /// The lock of that name, which exists as long as somebody keeps it.
    pub(crate) fn get(&self, key: Key) -> Arc<Lock> {
        let mut names = self.table.names();
        if let Some(lock) = names.locks.get(&key).and_then(Weak::upgrade) {
            return lock;
        }
        if let Some(keyed) = names.keyed_by(&key) {
            drop(names);
            return keyed.get(key);
        }
        let lock = Lock::new(key.clone(), Arc::downgrade(&self.table));
        names.locks.insert(key, Arc::downgrade(&lock));
        lock
    }

    /// Leaves all names of a form to another registry, that of a keyed state.
    pub(crate) fn leave(&self, template: Template, to: Locks) {
        self.table.names().keyed.push((template, to));
    }

    /// Makes a lock that exists already, a state's, the one of its name here.
    pub(crate) fn adopt(&self, lock: &Arc<Lock>) {
        let mut names = self.table.names();
        names.locks.insert(lock.key().clone(), Arc::downgrade(lock));
    }
}

impl fmt::Debug for Locks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.table.names().locks.keys())
            .finish()
    }
}

impl Table {
    fn names(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Called when a lock is gone. Its name may have a new lock by now; that one stays.
    pub(super) fn forget(&self, key: &Key) {
        let mut names = self.names();
        if names
            .locks
            .get(key)
            .is_some_and(|lock| lock.strong_count() == 0)
        {
            names.locks.remove(key);
        }
    }
}

impl Names {
    fn keyed_by(&self, key: &Key) -> Option<Locks> {
        let mut keyed = self.keyed.iter();
        let found = keyed.find(|(template, _)| template.fits(key.as_str()));
        found.map(|(_, locks)| locks.clone())
    }
}
