//! The task or thread that runs: if it asks for a lock that it holds, it would wait for itself.

use crate::sync::task;
use std::thread::{self, ThreadId};
use tokio::task::JoinHandle;
use tracing::Instrument;

tokio::task_local! {
    /// In a task that another one has spawned as a part of its own work: that one.
    static PARENT: Task;
}

thread_local! {
    /// Asking the thread itself would count a reference to it up and down.
    static THREAD: ThreadId = thread::current().id();
}

/// A task, or a thread that runs no task: the future that a runtime was started with, or code outside of any runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Task {
    Task(task::Id),
    Thread(ThreadId),
}

impl Task {
    pub(crate) fn current() -> Self {
        if let Ok(task) = PARENT.try_with(|task| *task) {
            return task;
        }
        match task::try_id() {
            Some(task) => Self::Task(task),
            None => Self::Thread(THREAD.with(|id| *id)),
        }
    }
}

/// Spawns a task that is part of what the current task does: a handler's own request, usually.
///
/// It is [`tokio::spawn`] with two differences. A request of the new task for a lock that the current one holds fails at
/// once with [`LockError::Reentrant`](crate::LockError::Reentrant): the current task waits for the new one, so waiting
/// would never end. And the new task logs into the current span. Use it for tasks that are awaited before the handler
/// returns. Use [`tokio::spawn`] for tasks that go on by themselves; they wait for the lock like any other.
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
    tokio::spawn(PARENT.scope(Task::current(), future.in_current_span()))
}
