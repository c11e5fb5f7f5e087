//! What a store does that several processes share.

use super::open_batch::RowLocks;
use super::shared_group::{SharedGroup, WatchedGroup};
use crate::store::CommitError;
use crate::store::engine::Batch;
use crate::store::log_entry::Counted;
#[cfg(feature = "operations")]
use crate::store::store_status::StoreStatus;
use crate::store::stored::RowAddress;
use crate::store::version::Stamp;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Instant;

/// A store that other processes change as well.
pub(crate) trait SharedStore: Send + Sync {
    /// Locks rows, and loads the newest values into their groups. Whoever asks holds the locks of the groups.
    fn lock_rows(&self, request: RowRequest) -> BoxFuture<'static, Result<RowLocks, RowLockError>>;

    /// Loads what has changed into these groups. The result says what all of them were at one moment after the call.
    fn refresh(
        &self,
        groups: Vec<Arc<dyn SharedGroup>>,
    ) -> BoxFuture<'static, Result<Vec<Stamp>, RowLockError>>;

    /// Loads what has changed into this group every now and then, as long as somebody subscribes to it.
    fn watch(&self, group: Box<dyn WatchedGroup>);

    /// The counters of this group were counted: they are written with its next batch, or soon.
    fn counted(&self, states: Box<dyn Counted>);

    /// Writes a row unless there is one. It may block the thread.
    fn write_first(&self, address: &RowAddress, lock: &str, row: &[u8]) -> Result<(), String>;

    /// Writes rows that are no commits of this program. It may block the thread.
    fn write_rows(&self, batch: Batch) -> Result<(), CommitError>;

    /// What it has written so far.
    #[cfg(feature = "operations")]
    fn status(&self) -> &StoreStatus;

    /// Its connections to the server.
    #[cfg(feature = "operations")]
    fn connections(&self) -> ConnectionCounts;

    /// Waits until everything that was committed so far is durable or dropped.
    fn flush(&self) -> BoxFuture<'static, ()>;
}

/// How many connections to a server there are.
#[cfg(feature = "operations")]
pub(crate) struct ConnectionCounts {
    pub(crate) used: usize,
    pub(crate) idle: usize,
    /// How many there may be.
    pub(crate) most: usize,
    /// How many calls wait for one.
    pub(crate) waiting: usize,
}

/// Rows to lock.
pub(crate) struct RowRequest {
    pub(crate) groups: Vec<Arc<dyn SharedGroup>>,
    /// Nobody else enters the batch: the call takes its time, and no answer waits for it.
    pub(crate) is_alone: bool,
    /// When the request is given up.
    pub(crate) deadline: Option<Instant>,
}

/// Why rows could not be locked or read.
#[derive(Debug, Clone)]
pub(crate) enum RowLockError {
    /// Another process has held them until the deadline.
    TimedOut,
    /// The store cannot be asked now.
    Unavailable(String),
}
