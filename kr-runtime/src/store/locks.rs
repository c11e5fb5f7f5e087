//! The locks of an application by name, for code outside handlers.

use super::{Guarded, StateLocks};
use crate::lock::{
    self, CallSite, Held, Key, LockError, LockHandle, LockRequest, LockStatus, Table, Task,
    WaitPolicy, blocking,
};
use std::fmt;
use std::sync::Arc;
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
#[derive(Clone)]
pub struct Locks {
    pub(crate) table: Arc<StateLocks>,
}

impl Locks {
    /// A registry of its own. [`App::locks`](crate::App::locks) gives the one that an application's routes use.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Table::new())
    }

    pub(crate) fn of(table: Arc<StateLocks>) -> Self {
        Self { table }
    }

    /// Takes the lock of that name, waiting in its queue for at most 30 seconds, or what
    /// [`App::lock_timeout`](crate::App::lock_timeout) says.
    ///
    /// # Errors
    /// [`LockError::TimedOut`], [`LockError::Reentrant`] if the calling task holds it already, or
    /// [`LockError::EmptyKey`].
    #[track_caller]
    pub fn lock(
        &self,
        key: &str,
    ) -> impl Future<Output = Result<LockGuard, LockError>> + Send + use<> {
        self.acquire(key, WaitPolicy::OF_LOCK, CallSite::here())
    }

    /// Takes the lock of that name, waiting in its queue for at most `timeout`. With [`Duration::ZERO`] it tries once.
    ///
    /// # Errors
    /// As [`lock`](Self::lock).
    #[track_caller]
    pub fn lock_within(
        &self,
        key: &str,
        timeout: Duration,
    ) -> impl Future<Output = Result<LockGuard, LockError>> + Send + use<> {
        self.acquire(key, WaitPolicy::within(timeout), CallSite::here())
    }

    fn acquire(
        &self,
        key: &str,
        mut policy: WaitPolicy,
        call_site: CallSite,
    ) -> impl Future<Output = Result<LockGuard, LockError>> + Send + use<> {
        let lock = Key::new(key).map(|key| self.table.get(key));
        async move {
            let lock = lock.ok_or(LockError::EmptyKey)?;
            let request = LockRequest::long(call_site, Some(Task::current()));
            let held = lock::acquire(lock, request, &mut policy).await?;
            Ok(LockGuard::new(held))
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
        self.acquire_blocking(key, WaitPolicy::OF_LOCK, CallSite::here())
    }

    /// As [`lock_within`](Self::lock_within), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// As [`lock`](Self::lock).
    ///
    /// # Panics
    /// As [`blocking_lock`](Self::blocking_lock).
    #[track_caller]
    pub fn blocking_lock_within(
        &self,
        key: &str,
        timeout: Duration,
    ) -> Result<LockGuard, LockError> {
        self.acquire_blocking(key, WaitPolicy::within(timeout), CallSite::here())
    }

    fn acquire_blocking(
        &self,
        key: &str,
        mut policy: WaitPolicy,
        call_site: CallSite,
    ) -> Result<LockGuard, LockError> {
        let lock = Key::new(key).map(|key| self.table.get(key));
        let lock = lock.ok_or(LockError::EmptyKey)?;
        let request = LockRequest::long(call_site, Some(Task::current()));
        blocking::acquire(lock, request, &mut policy).map(LockGuard::new)
    }

    /// The locks that are in use or guard a state, sorted by key: the holder of each, and how many requests wait.
    #[must_use]
    pub fn list(&self) -> Vec<LockStatus> {
        statuses(&self.table)
    }
}

/// The locks of a table, sorted by key.
pub(crate) fn statuses(table: &StateLocks) -> Vec<LockStatus> {
    let mut list: Vec<_> = table.locks().iter().map(|lock| lock.status()).collect();
    list.sort_by(|one, other| one.lock.cmp(&other.lock));
    list
}

impl Default for Locks {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Locks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.table.keys()).finish()
    }
}

/// A held lock. Dropping it passes the lock to the request that has waited longest.
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
    held: Held<LockHandle<Guarded>>,
    key: Key,
}

impl LockGuard {
    fn new(held: Held<LockHandle<Guarded>>) -> Self {
        Self {
            key: held.lock().key(),
            held,
        }
    }

    /// The lock's key, trimmed and in lower case.
    #[must_use]
    pub fn key(&self) -> &str {
        self.key.as_str()
    }

    /// How long the lock has been held.
    #[must_use]
    pub fn held_for(&self) -> Duration {
        self.held.hold_time()
    }
}

impl fmt::Debug for LockGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LockGuard").field(&self.key()).finish()
    }
}
