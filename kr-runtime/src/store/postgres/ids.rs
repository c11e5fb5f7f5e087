//! Names for batches, by which they are found when it is not known whether they were written.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

/// Writers of batches that are not in use. Each has a row in the database, with the number of its last batch.
#[derive(Default)]
pub(super) struct Writers(Mutex<Vec<Writer>>);

/// Writes one batch at a time.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) id: i64,
    batch: i64,
}

impl Writers {
    /// One that nobody uses.
    pub(super) fn take(&self) -> Writer {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.pop().unwrap_or_else(|| Writer {
            id: i64::from_ne_bytes(RandomState::new().hash_one(free.as_ptr()).to_ne_bytes()),
            batch: 0,
        })
    }

    /// It is free again: it is known what became of its last batch.
    pub(super) fn put_back(&self, writer: Writer) {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.push(writer);
    }
}

impl Writer {
    /// The number of its next batch.
    pub(super) fn next(&mut self) -> i64 {
        self.batch += 1;
        self.batch
    }
}
