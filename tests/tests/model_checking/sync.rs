//! The primitives of the lock engine, as the model checker sees them: each yields to the scheduler before it acts.
//!
//! The names are those of the engine's own primitives.

use shuttle::sync::atomic::{AtomicBool, Ordering};
pub(crate) use std::sync::MutexGuard;
use std::sync::atomic::AtomicU64;
use std::sync::{LockResult, TryLockError};

/// A mutex whose critical sections are single steps: inside them the engine does nothing that another task could see. The
/// checker asserts that.
#[derive(Default)]
pub(crate) struct Mutex<T>(std::sync::Mutex<T>);

/// Lets the scheduler choose the next task. Unlike `yield_now` it wakes none: a task that returned `Pending` stays asleep.
pub(crate) fn step() {
    AtomicBool::new(false).load(Ordering::SeqCst);
}

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(std::sync::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        step();
        match self.0.try_lock() {
            Ok(guard) => Ok(guard),
            Err(TryLockError::Poisoned(poisoned)) => Err(poisoned),
            Err(TryLockError::WouldBlock) => panic!("a critical section was interrupted"),
        }
    }
}

/// The running task.
pub(crate) mod task {
    use std::thread::{self, ThreadId};

    /// Several models run at once, each on its own thread, and number their tasks alike.
    pub(crate) type Id = (ThreadId, shuttle::current::TaskId);

    pub(crate) fn try_id() -> Option<Id> {
        let task = shuttle::current::get_current_task();
        task.map(|task| (thread::current().id(), task))
    }
}

/// A number that nothing else in the process has.
pub(crate) fn unique_id() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// A blocking thread is a task that polls the same future, and the checker parks it.
pub(crate) mod block_on {
    pub(crate) use shuttle::future::block_on;

    pub(crate) fn assert_may_block() {}
}

/// Timers fire when a task of the model triggers [`Event::Deadline`], so the checker tries every moment for it.
pub(crate) mod timer {
    use super::step;
    use crate::event::Event;
    use std::cell::{Cell, RefCell};
    use std::sync::{Arc, Weak};
    use std::time::{Duration, Instant};

    pub(crate) type TimerId = (Instant, u64);

    pub(crate) trait Timed: Send + Sync {
        fn fire(self: Arc<Self>, timer: TimerId, now: Instant);
    }

    thread_local! {
        static STARTED: RefCell<Vec<(TimerId, Weak<dyn Timed>)>> = RefCell::default();
        static NOW: Cell<Instant> = Cell::new(Instant::now());
    }

    pub(crate) fn start(timer: TimerId, target: Weak<dyn Timed>) {
        step();
        STARTED.with_borrow_mut(|started| started.push((timer, target)));
        if Event::Deadline.has_happened() {
            fire_all();
        }
    }

    pub(crate) fn cancel(timer: TimerId) {
        STARTED.with_borrow_mut(|started| started.retain(|(known, _)| *known != timer));
    }

    pub(crate) fn reset() {
        STARTED.take();
        NOW.set(Instant::now());
    }

    /// Each timer fires long after the previous one, so that waits that count from that one's tick pass as well.
    pub(crate) fn fire_all() {
        while let Some((timer, target)) = STARTED.with_borrow_mut(Vec::pop) {
            let far = NOW.get() + Duration::from_secs(1 << 20);
            NOW.set(far);
            if let Some(target) = target.upgrade() {
                target.fire(timer, far);
            }
        }
    }

    /// The number of pending timers.
    pub(crate) fn count() -> usize {
        STARTED.with_borrow(Vec::len)
    }
}
