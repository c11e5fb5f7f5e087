//! What a store has to be able to do: write a batch of commits, all of them or none.

pub use super::responses::ResponseRecord;
use super::version::Values;
use crate::lock::Key;

/// Writes commits so that no crash takes them back. Everything else about a store, batches, the chain of values that are
/// not durable yet, and what becomes of them when a write fails, is the same for all engines and happens outside of them.
///
/// An engine is driven by one thread of its own and may block it.
pub trait Engine: Send + 'static {
    /// Makes every commit of the batch durable, in their order, or none of them. Returns once that is so.
    ///
    /// # Errors
    /// [`WriteError::NotWritten`] if nothing of the batch was kept, or [`WriteError::Unknown`] if that is not certain.
    fn write(&mut self, batch: &[CommitRecord]) -> Result<(), WriteError>;

    /// The responses that were kept with earlier commits and whose time is not over, the oldest first. Asked once, before
    /// anything is written.
    fn kept_responses(&mut self) -> Vec<ResponseRecord> {
        Vec::new()
    }
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
#[derive(Debug)]
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

/// Why a batch was not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// Nothing of the batch was kept. The next one may work.
    NotWritten(String),
    /// The batch may have been kept or not. Nothing more is given to the engine.
    Unknown(String),
}
