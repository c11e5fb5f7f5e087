//! A lock with its states, as a store sees it that other processes use as well.

use super::open_batch::OpenBatch;
use crate::store::log_entry::CountedRow;
use crate::store::stored::RowAddress;
use crate::store::version::Stamp;
use std::sync::Arc;
use std::time::Instant;

/// A lock with its states.
pub(crate) trait SharedGroup: Send + Sync {
    /// Tells it from all others, for as long as it is referred to.
    fn id(&self) -> usize;

    /// The name of the lock.
    fn lock_name(&self) -> String;

    /// Where its row is.
    fn row_address(&self) -> RowAddress;

    /// What is known of its row now.
    fn known(&self) -> KnownRow;

    /// Takes over what the store has said of its row. Returns what the row was at that moment. Answers may overtake each
    /// other, so one that is older than what is known by now is not taken, unless `is_locked` says that the row cannot have
    /// changed since.
    fn take_over(&self, known: KnownRow, row: StoredRow, is_locked: bool) -> Stamp;

    /// Says which batch holds the row from now on.
    fn set_open_batch(&self, batch: Option<Arc<OpenBatch>>);

    /// Whether anybody holds the lock, and will want the row.
    fn is_held(&self) -> bool;

    /// The row as it is to be written because the counters in it were counted; `None` if they were not.
    fn counted_row(&self) -> Option<CountedRow>;

    /// The counters that were to be written are, or are not. `is_alone` says that the row was written for them alone.
    fn counters_written(&self, are_written: bool, is_alone: bool);
}

/// A group that somebody subscribes to.
pub(crate) trait WatchedGroup: Send + Sync {
    /// Tells it from all others.
    fn id(&self) -> usize;

    /// The group; `None` if nobody subscribes any more.
    fn group(&self) -> Option<Arc<dyn SharedGroup>>;
}

/// What is known of a row, and since when.
#[derive(Clone, Copy)]
pub(crate) struct KnownRow {
    pub(crate) stamp: Option<Stamp>,
    /// How often it was written for its counters alone.
    pub(crate) counted: i64,
    /// How often it has changed here.
    pub(crate) generation: u64,
    pub(crate) at: Instant,
}

/// What a store says of a row.
pub(crate) enum StoredRow {
    /// It is as it was known to be.
    Unchanged,
    /// There is no value. The revision is the last one that was used under the key.
    Absent(Stamp),
    /// It is this one. With how often it was written for its counters alone.
    Row(Stamp, i64, Vec<u8>),
}
