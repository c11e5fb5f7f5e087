//! What becomes of a commit that a store has to write.

use super::CommitError;
use crate::sync::block_on::block_on;
use crate::sync::{Mutex, MutexGuard, log};
use smallvec::SmallVec;
use std::future::poll_fn;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, Waker};

/// What becomes of a commit: nothing yet, durable, or failed.
#[derive(Default)]
pub(crate) struct CommitStatus(Mutex<State>);

#[derive(Default)]
struct State {
    outcome: Option<Result<(), CommitError>>,
    /// Those who wait for it.
    wakers: SmallVec<[Waker; 1]>,
    remains: Option<Box<dyn Remains>>,
}

/// The memory of a commit that is over. Whoever waits for the commit frees it, or the last who knows the commit: the calls have
/// taken it, and an allocator is slow where one thread frees what others take.
pub(crate) trait Remains: Send {}

/// The commits, not durable yet, whose values a call has seen.
pub(crate) type Bases = SmallVec<[Arc<CommitStatus>; 1]>;

impl CommitStatus {
    /// The store has written the commit, or failed. Only the first call counts.
    pub(crate) fn end(&self, outcome: Result<(), CommitError>) {
        let mut state = self.state();
        state.outcome.get_or_insert(outcome);
        let wakers = mem::take(&mut state.wakers);
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Leaves what is to be freed. Called before the commit ends.
    pub(super) fn leave(&self, remains: Box<dyn Remains>) {
        self.state().remains = Some(remains);
    }

    /// Whether the commit was dropped.
    pub(crate) fn has_failed(&self) -> bool {
        matches!(self.state().outcome, Some(Err(_)))
    }

    /// Waits until the commit is durable or has failed.
    pub(crate) async fn wait(&self) -> Result<(), CommitError> {
        let mut place = None;
        poll_fn(|context| self.poll(context, &mut place)).await
    }

    /// `place` is that of the waiter among the others, once it has one.
    fn poll(
        &self,
        context: &Context<'_>,
        place: &mut Option<usize>,
    ) -> Poll<Result<(), CommitError>> {
        let mut state = self.state();
        if let Some(outcome) = state.outcome.clone() {
            let remains = state.remains.take();
            drop(state);
            free(remains);
            return Poll::Ready(outcome);
        }
        match *place {
            Some(place) => state.wakers[place].clone_from(context.waker()),
            None => {
                *place = Some(state.wakers.len());
                state.wakers.push(context.waker().clone());
            }
        }
        Poll::Pending
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for CommitStatus {
    fn drop(&mut self) {
        free(self.state().remains.take());
    }
}

/// Values that were replaced are freed with it, and those have code of their own for that.
fn free(remains: Option<Box<dyn Remains>>) {
    let Some(remains) = remains else { return };
    if catch_unwind(AssertUnwindSafe(|| drop(remains))).is_err() {
        log::error!("a panic while a replaced value was freed");
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
