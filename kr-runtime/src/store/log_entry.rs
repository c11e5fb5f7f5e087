//! What waits for a store: commits, and states whose counters were counted. What they are made of is not known here.

use super::CommitError;
use super::commit_status::{Bases, CommitStatus};
use super::engine::{CommitRecord, LockRecord, RowChange};
use super::stored::Unwritable;
use crate::lock::LockError;
use crate::sync::log;
use futures_util::future::BoxFuture;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A commit that waits for the store.
pub(crate) struct LogEntry {
    pub(crate) status: Arc<CommitStatus>,
    /// The commits that it started from, as far as they were not durable then.
    pub(crate) bases: Bases,
    pub(crate) record: CommitRecord,
    pub(crate) effect: Box<dyn Effect>,
}

/// What a commit does once its outcome is known.
pub(crate) trait Effect: Send {
    /// The commit is durable: readers see it from now on, under all of its locks at one moment.
    fn publish(self: Box<Self>, record: CommitRecord);

    /// The commit is dropped: what its locks' next holders start from is the last durable value.
    fn discard(self: Box<Self>, record: CommitRecord);

    /// Tells the lock with that number in the record from all others.
    fn lock_id(&self, number: usize) -> LockId;

    /// The row that the commit leaves under the lock with that number; `None` if nothing of it is kept.
    fn row(&self, number: usize, lock: &LockRecord) -> Result<Option<RowChange>, Unwritable>;
}

/// States whose counters were counted.
pub(crate) trait Counted: Send {
    /// Tells their lock from all others.
    fn lock_id(&self) -> LockId;

    /// Their row as it is now.
    fn row(&self) -> CountedRow;

    /// Takes their lock, and their row in a store that other processes use as well, for a moment: whoever ends the batch
    /// writes what was counted. Does nothing if it was written meanwhile.
    #[cfg_attr(
        not(feature = "postgres"),
        allow(dead_code, reason = "a shared store uses it")
    )]
    fn take_rows(&self) -> BoxFuture<'static, Result<(), LockError>>;
}

/// The row of states whose counters were counted.
pub(crate) enum CountedRow {
    /// They have this one.
    Row(RowChange),
    /// They have none.
    None,
    /// A change in place has their values.
    NotNow,
}

/// Tells a lock from all others, for as long as it is referred to.
pub(crate) type LockId = usize;

impl LogEntry {
    /// Makes the commit visible, or drops it, and tells those who wait for it.
    pub(super) fn end(self, outcome: Result<(), CommitError>) {
        let Self {
            status,
            record,
            effect,
            ..
        } = self;
        // Whoever hears of the outcome finds it done, and nothing left of the commit in the journal.
        let is_kept = outcome.is_ok();
        let done = catch_unwind(AssertUnwindSafe(|| match is_kept {
            true => effect.publish(record),
            false => effect.discard(record),
        }));
        status.end(outcome);
        if done.is_err() {
            log::error!("a panic while a replaced or dropped value was freed");
        }
    }
}
