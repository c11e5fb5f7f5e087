//! Named locks: exclusive, first come first served, with a deadline on every wait.

mod deadline;
mod error;
mod guard;
mod key;
mod owner;
mod place;
mod registry;
mod status;
mod waiting;

pub(crate) use deadline::Deadline;
pub use error::LockError;
use guard::Holder;
pub use guard::LockGuard;
pub(crate) use key::Key;
pub(crate) use owner::Owner;
pub(crate) use place::Place;
pub use registry::Locks;
pub use status::{HolderStatus, LockStatus, Totals};

use crate::sync::{Mutex, MutexGuard, Semaphore, timeout_at};
use registry::Table;
use smallvec::SmallVec;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;
use waiting::Waiting;

/// How long a request waits for its locks unless somebody says otherwise.
pub(crate) const DEFAULT_WAIT: Duration = Duration::from_secs(30);

/// The locks that a request holds, released together.
pub(crate) type Guards = SmallVec<[LockGuard; 1]>;

/// One lock. tokio's semaphore gives the order: permits go to the longest waiter, and nobody overtakes.
pub(crate) struct Lock {
    key: Key,
    permit: Semaphore,
    /// Requests in line, for the bound and for those who look.
    waiting: AtomicUsize,
    record: Mutex<Record>,
    table: Weak<Table>,
}

/// Written by whoever holds the lock, read by those who wait in vain.
#[derive(Default)]
struct Record {
    holder: Option<Holder>,
    totals: Totals,
}

impl Lock {
    pub(crate) fn new(key: Key, table: Weak<Table>) -> Self {
        Self {
            key,
            permit: Semaphore::new(1),
            waiting: AtomicUsize::new(0),
            record: Mutex::default(),
            table,
        }
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// Takes the lock, waiting in line until the deadline. Dropping the future gives the place in line up.
    ///
    /// `owner` is who will hold it, if that is known already.
    pub(crate) async fn acquire(
        self: &Arc<Self>,
        place: Place,
        owner: Option<Owner>,
        deadline: &mut Deadline,
    ) -> Result<LockGuard, LockError> {
        if let Ok(permit) = self.permit.try_acquire() {
            permit.forget();
        } else {
            self.refuse_reentry(place)?;
            self.wait(deadline).await?;
        }
        Ok(LockGuard::new(Arc::clone(self), place, owner))
    }

    async fn wait(&self, deadline: &mut Deadline) -> Result<(), LockError> {
        let _in_line = Waiting::enter(self, deadline.max_waiters())?;
        let turn = self.permit.acquire();
        let granted = match deadline.at() {
            Some(at) => timeout_at(at, turn).await,
            None => Ok(turn.await),
        };
        // The semaphore is never closed, so what is granted is always a permit.
        if let Ok(Ok(permit)) = granted {
            permit.forget();
            return Ok(());
        }
        let mut record = self.record();
        record.totals.timed_out += 1;
        Err(LockError::TimedOut {
            lock: self.key.as_str().to_owned(),
            waited: deadline.wait(),
            holder: record
                .holder
                .map(|holder| (holder.place.to_string(), holder.since.elapsed())),
        })
    }

    /// Who waits for a lock that they hold would wait for ever.
    fn refuse_reentry(&self, place: Place) -> Result<(), LockError> {
        match self.record().holder {
            Some(holder) if holder.owner == Some(Owner::current()) => Err(LockError::Reentrant {
                lock: self.key.as_str().to_owned(),
                held_at: holder.place.to_string(),
                asked_at: place.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// What is known of the lock now.
    pub(crate) fn status(&self) -> LockStatus {
        let (holder, totals) = {
            let record = self.record();
            (record.holder, record.totals)
        };
        LockStatus::new(&self.key, holder, Waiting::on(self), totals)
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn held_by(&self, holder: Holder) {
        let mut record = self.record();
        record.holder = Some(holder);
        record.totals.granted += 1;
    }

    fn set_owner(&self, owner: Owner) {
        if let Some(holder) = self.record().holder.as_mut() {
            holder.owner = Some(owner);
        }
    }

    /// The record goes first: once the permit is free, the next holder writes its own.
    fn release(&self) {
        self.record().holder = None;
        self.permit.add_permits(1);
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(table) = self.table.upgrade() {
            table.forget(&self.key);
        }
    }
}

/// Takes all locks of a request. They come sorted by key and without repeats, the one global order that makes a deadlock
/// impossible; `deadline` is for all of them together.
pub(crate) async fn acquire_all(
    locks: &[Arc<Lock>],
    place: Place,
    owner: Option<Owner>,
    deadline: &mut Deadline,
) -> Result<Guards, LockError> {
    let mut guards = Guards::new();
    for lock in locks {
        guards.push(lock.acquire(place, owner, deadline).await?);
    }
    Ok(guards)
}
