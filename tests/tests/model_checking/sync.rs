//! The primitives of the lock engine, as the model checker sees them: each yields to the scheduler before it acts.
//!
//! The names are those of the engine's own primitives.

use shuttle::sync::atomic::{AtomicBool, Ordering};
pub(crate) use std::sync::MutexGuard;
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

/// Timers fire when a task of the model triggers [`Event::Deadline`], so the checker tries every moment for it.
pub(crate) mod alarm {
    use super::step;
    use crate::event::Event;
    use crate::locks::{Lock, alarm::Alarm};
    use std::cell::{Cell, RefCell};
    use std::sync::Weak;
    use std::time::{Duration, Instant};

    thread_local! {
        static SET: RefCell<Vec<(Alarm, Weak<Lock>)>> = RefCell::default();
        static NOW: Cell<Instant> = Cell::new(Instant::now());
    }

    pub(crate) fn set(alarm: Alarm, lock: Weak<Lock>) {
        step();
        SET.with_borrow_mut(|set| set.push((alarm, lock)));
        if Event::Deadline.has_happened() {
            fire_all();
        }
    }

    pub(crate) fn take_back(alarm: Alarm) {
        SET.with_borrow_mut(|set| set.retain(|(known, _)| *known != alarm));
    }

    pub(crate) fn reset() {
        SET.take();
        NOW.set(Instant::now());
    }

    /// Each timer fires long after the previous one, so that waits that count from that one's tick pass as well.
    pub(crate) fn fire_all() {
        while let Some((alarm, lock)) = SET.with_borrow_mut(Vec::pop) {
            let far = NOW.get() + Duration::from_secs(1 << 20);
            NOW.set(far);
            if let Some(lock) = lock.upgrade() {
                lock.ring(alarm, far);
            }
        }
    }

    /// The number of pending timers.
    pub(crate) fn count() -> usize {
        SET.with_borrow(Vec::len)
    }
}
