//! Who runs: what asks twice for one lock would wait for itself.

use crate::sync::task;
use std::thread::{self, ThreadId};
use tokio::task::JoinHandle;
use tracing::Instrument;

tokio::task_local! {
    /// In a task that belongs to another one's work: that one.
    static ON_BEHALF_OF: Owner;
}

/// A task, or a thread that runs no task: the future that a runtime was started with, or code outside of any runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Owner {
    Task(task::Id),
    Thread(ThreadId),
}

impl Owner {
    pub(crate) fn current() -> Self {
        if let Ok(owner) = ON_BEHALF_OF.try_with(|owner| *owner) {
            return owner;
        }
        match task::try_id() {
            Some(task) => Self::Task(task),
            None => Self::Thread(thread::current().id()),
        }
    }
}

/// Spawns a task that is part of what the current task does: a handler's own request, usually.
///
/// It is [`tokio::spawn`], but for two things. The task may not ask for a lock that the current one holds: who waits for
/// its task would wait for itself, so the answer is [`LockError::Reentrant`](crate::LockError::Reentrant) at once. And what
/// it logs is in the same span. So use it for tasks that are awaited before the handler returns, and [`tokio::spawn`] for
/// those that go on by themselves, which wait for the lock like anybody else.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), kr_runtime::LockError> {
/// # use kr_runtime::{LockError, Locks};
/// let locks = Locks::new();
/// let _held = locks.lock("reports").await?;
/// let again = kr_runtime::spawn(locks.lock("reports")).await;
/// assert!(matches!(again, Ok(Err(LockError::Reentrant { .. }))));
/// # Ok(())
/// # }
/// ```
///
/// # Panics
/// Outside a Tokio runtime.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    tokio::spawn(ON_BEHALF_OF.scope(Owner::current(), future.in_current_span()))
}
