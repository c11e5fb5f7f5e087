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

/// Spawns a task that is part of what the current task does. See [`kr_runtime::spawn`](crate::spawn).
#[track_caller]
pub(crate) fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    tokio::spawn(PARENT.scope(Task::current(), future.in_current_span()))
}
