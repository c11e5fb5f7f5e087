//! Tasks that belong to the task that starts them.

use crate::lock;
use crate::snapshot;
use tokio::task::JoinHandle;

/// Spawns a task that is part of what the current task does: a handler's own request, usually.
///
/// It is [`tokio::spawn`] with three differences. A request of the new task for a lock that the current one holds fails at
/// once with [`LockError::Reentrant`](crate::LockError::Reentrant): the current task waits for the new one, so waiting
/// would never end. The new task logs into the current span. And relative
/// snapshot paths are in the same folder, that of [`App::root`](crate::App::root). Use it for tasks that are awaited before the handler
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
    lock::spawn(snapshot::inherit(future))
}
