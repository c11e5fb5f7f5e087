//! What becomes of a commit that a store has to write.

use super::CommitError;
use crate::sync::block_on::block_on;
use smallvec::SmallVec;
use std::sync::{Arc, OnceLock};
use tokio::sync::Notify;

/// What becomes of a commit: nothing yet, durable, or failed.
#[derive(Default)]
pub(crate) struct CommitStatus {
    outcome: OnceLock<Result<(), CommitError>>,
    done: Notify,
}

/// The commits, not durable yet, whose values a call has seen.
pub(crate) type Bases = SmallVec<[Arc<CommitStatus>; 1]>;

impl CommitStatus {
    /// The store has written the commit, or failed. Only the first call counts.
    pub(crate) fn end(&self, outcome: Result<(), CommitError>) {
        let _ = self.outcome.set(outcome);
        self.done.notify_waiters();
    }

    /// Whether the commit was dropped.
    pub(crate) fn has_failed(&self) -> bool {
        matches!(self.outcome.get(), Some(Err(_)))
    }

    /// Waits until the commit is durable or has failed.
    pub(crate) async fn wait(&self) -> Result<(), CommitError> {
        loop {
            // Made before the outcome is looked at, so that no notification is missed in between.
            let done = self.done.notified();
            if let Some(outcome) = self.outcome.get() {
                return outcome.clone();
            }
            done.await;
        }
    }
}

/// When what a call has done or seen is durable.
#[must_use = "what a call has done is not durable before this says so"]
pub(crate) enum Durability {
    /// The call committed; its own commit is what counts.
    Commit(Arc<CommitStatus>),
    /// The call committed nothing, but it has seen values that are not durable yet.
    Seen(Bases),
}

impl Durability {
    /// Waits for the store. Dropping the future changes nothing: the store writes the commit all the same.
    pub(crate) async fn wait(self) -> Result<(), CommitError> {
        match self {
            Self::Commit(status) => status.wait().await,
            Self::Seen(bases) => {
                for base in bases {
                    base.wait().await.map_err(|error| match error {
                        CommitError::Unknown { .. } => error,
                        _ => CommitError::BaseNotWritten,
                    })?;
                }
                Ok(())
            }
        }
    }

    /// As [`wait`](Self::wait), with a thread that waits.
    pub(crate) fn wait_blocking(self) -> Result<(), CommitError> {
        block_on(self.wait())
    }
}
