//! What a store has to be able to do: write a batch of commits, all of them or none, and read what it has written.

pub use super::response_record::ResponseRecord;
pub use super::stored::RowAddress;
use super::version::Values;
use crate::lock::Key;
use std::fmt;
use std::sync::Arc;

/// Writes commits so that no crash takes them back. Everything else about a store, batches, the chain of values that are
/// not durable yet, and what becomes of them when a write fails, is the same for all engines and happens outside of them.
///
/// An engine is driven by one thread of its own and may block it.
pub trait Engine: Send + 'static {
    /// Makes every commit of the batch durable, in their order, or none of them. Returns once that is so.
    ///
    /// # Errors
    /// [`WriteError::NotWritten`] if nothing of the batch was kept, or [`WriteError::Unknown`] if that is not certain.
    fn write(&mut self, batch: &Batch) -> Result<(), WriteError>;

    /// Readers of states see the last batch from now on, so snapshots may show it.
    fn published(&mut self) {}

    /// Nothing is to be written for now: what makes the next start fast can be done. Called once after some batches.
    fn settle(&mut self) {}

    /// What reads the rows that were written, on any thread; `None` if nothing can be read again.
    fn reader(&self) -> Option<Arc<dyn Reader>> {
        None
    }

    /// The responses that were kept with earlier commits and whose time is not over, the oldest first. Asked once, before
    /// anything is written.
    fn kept_responses(&mut self) -> Vec<ResponseRecord> {
        Vec::new()
    }
}

/// Reads the rows of a store. It may block the thread that asks.
pub trait Reader: Send + Sync {
    /// The row of a lock, as the last batch has left it.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn row(&self, address: &RowAddress) -> Result<Option<Vec<u8>>, RowError>;

    /// The rows as the last published batch has left them.
    ///
    /// # Errors
    /// Why they cannot be read.
    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, String>;

    /// As [`snapshot`](Self::snapshot), of one moment whatever is asked of it. A store that answers each question of a
    /// snapshot as of its own moment has another one for this.
    ///
    /// # Errors
    /// As [`snapshot`](Self::snapshot).
    fn moment(&self) -> Result<Arc<dyn Snapshot>, String> {
        self.snapshot()
    }
}

/// All rows of a store as they were at one moment.
pub trait Snapshot: Send + Sync {
    /// The rows of a space behind a key, or from the first.
    ///
    /// # Errors
    /// Why they cannot be read.
    fn page(
        &self,
        space: &str,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<KeyedRow>, String>;

    /// What is known of a space as a whole.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn space(&self, space: &str) -> Result<SpaceInfo, String>;

    /// The names of all spaces, that of the states without a key among them.
    ///
    /// # Errors
    /// Why they cannot be read.
    fn spaces(&self) -> Result<Vec<String>, String>;

    /// The responses that are kept.
    ///
    /// # Errors
    /// Why they cannot be read.
    fn responses(&self) -> Result<Vec<ResponseRecord>, String>;
}

/// Why a row cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowError {
    /// It is not what was written, and will not be the next time.
    Damaged(String),
    /// The store cannot be read now.
    Unavailable(String),
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(reason) | Self::Unavailable(reason) => f.write_str(reason),
        }
    }
}

/// A key of a keyed state, and its row.
pub type KeyedRow = (Vec<u8>, Vec<u8>);

/// What a store knows of a keyed state as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpaceInfo {
    /// How many rows it has.
    pub rows: u64,
    /// The greatest revision of a removed instance.
    pub last_removed: u64,
}

/// Commits that are written together.
#[derive(Debug, Default)]
pub struct Batch {
    /// In the order in which they were made.
    pub commits: Vec<CommitRecord>,
    /// What they come to: one row for each lock.
    pub rows: Vec<RowChange>,
    /// The ids of responses of earlier batches that are kept no longer, because there are too many.
    pub forgotten: Vec<[u8; 32]>,
}

/// What a batch does to the row of a lock.
#[derive(Debug, Clone)]
pub struct RowChange {
    /// Where the row is.
    pub address: RowAddress,
    /// The revision that this makes.
    pub revision: u64,
    /// The new row, or none if it is removed.
    pub row: Option<Vec<u8>>,
}

/// One commit of a batch: the new values of the states of one lock or of several.
#[derive(Debug, Default)]
pub struct CommitRecord {
    /// One for each lock.
    pub locks: Vec<LockRecord>,
    /// The response to the call that committed, if a client may repeat it. It is durable exactly if the commit is.
    pub response: Option<ResponseRecord>,
}

/// What a commit leaves under one lock.
pub struct LockRecord {
    pub(crate) key: Key,
    pub(crate) revision: u64,
    pub(crate) values: Values,
}

impl LockRecord {
    /// The lock's key.
    #[must_use]
    pub fn key(&self) -> &str {
        self.key.as_str()
    }

    /// The number of the commit, greater than those of all earlier commits under this lock, failed ones included.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether the commit removes the instance of a keyed state.
    #[must_use]
    pub fn is_removal(&self) -> bool {
        self.values.is_empty()
    }
}

impl fmt::Debug for LockRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LockRecord")
            .field("key", &self.key())
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

/// Why a batch was not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// Nothing of the batch was kept. The next one may work.
    NotWritten(String),
    /// The batch may have been kept or not. Nothing more is given to the engine.
    Unknown(String),
}
