//! Who waits for whom, over several locks: a call that holds one lock may wait for another one, whose holder waits as well.
//!
//! A call that takes several locks is noted while it waits for one of them. Nothing is noted for a lock that is free.

use super::named_lock::Lock;
use super::{Guards, LockRef, Task};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// The calls that have some of their locks and wait for another one.
static WAITING: LazyLock<Mutex<Waiting>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Waiting {
    last: u64,
    calls: HashMap<u64, WaitingCall>,
}

struct WaitingCall {
    task: Task,
    /// Locks by their addresses: they stay where they are as long as somebody holds or wants them.
    holds: Vec<usize>,
    wants: usize,
}

/// A note that a call waits. Dropping it takes it back.
pub(super) struct Noted(u64);

impl Noted {
    /// Says that a call which has these locks waits for another one.
    pub(super) fn new<L: LockRef>(has: &Guards<L>, wants: &L) -> Self {
        let call = WaitingCall {
            task: Task::current(),
            holds: has.iter().map(|held| address_of(held.lock())).collect(),
            wants: address_of(wants),
        };
        let mut waiting = waiting();
        waiting.last += 1;
        let number = waiting.last;
        waiting.calls.insert(number, call);
        Self(number)
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        waiting().calls.remove(&self.0);
    }
}

fn waiting() -> MutexGuard<'static, Waiting> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The address of a lock, by which it is found in a [`WaitGraph`].
pub(crate) fn address_of<V>(lock: &Lock<V>) -> usize {
    std::ptr::from_ref(lock).addr()
}

/// What the holders of locks wait for, at one moment.
#[derive(Default)]
pub(crate) struct WaitGraph {
    /// By the address of a lock that the call holds.
    by_lock: HashMap<usize, usize>,
    /// By the task that holds it.
    by_task: HashMap<Task, usize>,
}

impl WaitGraph {
    /// Of these locks, those that nobody waits for are left out.
    pub(crate) fn of<'l, V: 'l>(locks: impl Iterator<Item = &'l Lock<V>>) -> Self {
        let mut graph = Self::default();
        for lock in locks {
            for task in lock.waiting_tasks() {
                graph.by_task.insert(task, address_of(lock));
            }
        }
        for call in waiting().calls.values() {
            graph.by_task.insert(call.task, call.wants);
            let holds = call.holds.iter();
            graph.by_lock.extend(holds.map(|held| (*held, call.wants)));
        }
        graph
    }

    /// The last lock of the chain that begins at this one: its holder waits for no other one of them. `None` if that is the
    /// case for this one already.
    pub(crate) fn root<'l, V>(
        &self,
        lock: &Lock<V>,
        find: impl Fn(usize) -> Option<&'l Lock<V>>,
    ) -> Option<&'l Lock<V>> {
        let mut root: Option<&'l Lock<V>> = None;
        // Who waits for himself is told so at once; a circle of several ends at a deadline.
        for _ in 0..=self.by_lock.len() + self.by_task.len() {
            let last = root.unwrap_or(lock);
            let task = last.holding_task();
            let next = self.by_lock.get(&address_of(last));
            let next = next.or_else(|| self.by_task.get(&task?));
            match next.and_then(|next| find(*next)) {
                Some(next) => root = Some(next),
                None => return root,
            }
        }
        root
    }
}
