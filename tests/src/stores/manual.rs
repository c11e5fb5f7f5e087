//! A store that writes a batch when the test says so, and then keeps it or not.

use kr_runtime::__private::engine::{Batch, CommitRecord, Engine, WriteError};
use kr_runtime::{Store, Volatile};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

/// What the test sees of the store.
pub struct ManualStore {
    batches: UnboundedReceiver<Vec<Commit>>,
    results: Sender<Result<(), WriteError>>,
}

/// The keys and revisions of one commit.
type Commit = Vec<(String, u64)>;

struct ManualEngine {
    batches: UnboundedSender<Vec<Commit>>,
    results: Receiver<Result<(), WriteError>>,
}

/// A store, and what the test decides about it.
#[must_use]
pub fn manual_store() -> (Store<Volatile>, ManualStore) {
    let (batches, seen) = unbounded_channel();
    let (decided, results) = channel();
    let store = Store::with_engine(ManualEngine { batches, results });
    let control = ManualStore {
        batches: seen,
        results: decided,
    };
    (store, control)
}

impl ManualStore {
    /// Waits for the next batch. Until the test decides about it, nothing else is written.
    ///
    /// # Panics
    /// If the store is gone, or nothing is to be written for ten seconds.
    pub async fn next_batch(&mut self) -> Vec<Commit> {
        let batch = timeout(Duration::from_secs(10), self.batches.recv()).await;
        batch.expect("a batch").expect("the store")
    }

    /// Keeps the batch.
    pub fn keep(&self) {
        self.decide(Ok(()));
    }

    /// Waits for the next batch and keeps it.
    pub async fn keep_next(&mut self) -> Vec<Commit> {
        let batch = self.next_batch().await;
        self.keep();
        batch
    }

    /// Does not keep the batch; nothing of it was written.
    pub fn refuse(&self) {
        self.decide(Err(WriteError::NotWritten("the disk is full".to_owned())));
    }

    /// Cannot tell whether the batch was written.
    pub fn lose(&self) {
        self.decide(Err(WriteError::Unknown(
            "the disk does not answer".to_owned(),
        )));
    }

    fn decide(&self, result: Result<(), WriteError>) {
        self.results.send(result).expect("the store");
    }
}

impl Engine for ManualEngine {
    fn write(&mut self, batch: &Batch) -> Result<(), WriteError> {
        let commit = |record: &CommitRecord| {
            let locks = record.locks.iter();
            locks
                .map(|lock| (lock.key().to_owned(), lock.revision()))
                .collect()
        };
        // A test that has ended decides nothing more.
        let _ = self
            .batches
            .send(batch.commits.iter().map(commit).collect());
        self.results.recv().unwrap_or(Ok(()))
    }
}
