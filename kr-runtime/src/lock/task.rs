//! The task or thread that runs: if it asks for a lock that it holds, it would wait for itself.

use crate::sync::task;
use std::hash::{Hash, Hasher};
use std::num::NonZeroU64;
use std::thread;
use tokio::task::JoinHandle;
use tracing::Instrument;

tokio::task_local! {
    /// In a task that another one has spawned as a part of its own work: that one.
    static PARENT: Task;
}

thread_local! {
    /// Asking the thread itself would count a reference to it up and down.
    static THREAD: u64 = number(&thread::current().id());
}

/// A task, or a thread that runs no task: the future that a runtime was started with, or code outside of any runtime.
///
/// It is the number of the task or the thread, with a bit that says which: half of what an enum takes, and every lock has
/// room for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Task(NonZeroU64);

impl Task {
    pub(crate) fn current() -> Self {
        if let Ok(task) = PARENT.try_with(|task| *task) {
            return task;
        }
        let (number, is_task) = match task::try_id() {
            Some(task) => (number(&task), 1),
            None => (THREAD.with(|thread| *thread), 0),
        };
        Self(NonZeroU64::MIN | number << 2 | is_task << 1)
    }
}

/// The number of a task or a thread. Nothing but its hash shows that.
fn number(id: &impl Hash) -> u64 {
    let mut number = Number(0);
    id.hash(&mut number);
    number.0
}

/// Gives a single number back as it is, and mixes anything else.
struct Number(u64);

impl Hasher for Number {
    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        self.0 = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) ^ number;
    }

    fn finish(&self) -> u64 {
        self.0
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

#[cfg(test)]
mod tests {
    use super::number;
    use std::num::NonZeroU64;
    use std::thread;

    #[test]
    fn a_number_is_itself_and_what_has_more_parts_differs() {
        assert_eq!(number(&NonZeroU64::MIN), 1);
        assert_eq!(number(&u64::MAX), u64::MAX);
        assert_ne!(number(&(1_u64, 2_u64)), number(&(2_u64, 1_u64)));
        assert_ne!(number(&"ab"), number(&"ba"));
    }

    #[test]
    fn no_two_threads_have_the_same_number() {
        let here = number(&thread::current().id());
        let there = thread::spawn(|| number(&thread::current().id()));
        assert_ne!(there.join().unwrap(), here);
    }
}
