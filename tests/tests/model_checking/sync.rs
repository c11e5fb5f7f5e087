//! The primitives of the lock engine, as the checker sees them: each hands control to the scheduler before it acts.

use shuttle::sync::atomic::{AtomicBool, Ordering};
use std::cell::RefCell;
use std::future::poll_fn;
use std::mem;
pub(crate) use std::sync::MutexGuard;
use std::sync::{LockResult, TryLockError};
use std::task::{Poll, Waker};

/// A mutex whose critical sections are steps of their own: the engine does nothing in them that another task could see,
/// which the checker makes sure of.
#[derive(Default)]
pub(crate) struct Mutex<T>(std::sync::Mutex<T>);

/// Lets the scheduler choose who goes on. Unlike `yield_now` it wakes nobody: a task that was polled in vain stays asleep.
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

/// Who runs.
pub(crate) mod task {
    use std::thread::{self, ThreadId};

    /// Several models run at once, each on a thread of its own, with the same numbers for their tasks.
    pub(crate) type Id = (ThreadId, shuttle::current::TaskId);

    pub(crate) fn try_id() -> Option<Id> {
        let task = shuttle::current::get_current_task();
        task.map(|task| (thread::current().id(), task))
    }
}

/// Deadlines pass when a task of the model says so, so the checker tries every moment for it.
pub(crate) mod alarm {
    use super::{Bell, step};
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
        if Bell::Deadline.has_rung_already() {
            ring_all();
        }
    }

    pub(crate) fn take_back(alarm: Alarm) {
        SET.with_borrow_mut(|set| set.retain(|(known, _)| *known != alarm));
    }

    pub(super) fn reset() {
        SET.take();
        NOW.set(Instant::now());
    }

    /// Each alarm rings long after the one before, so that times that were counted from that one pass, too.
    pub(super) fn ring_all() {
        while let Some((alarm, lock)) = SET.with_borrow_mut(Vec::pop) {
            let far = NOW.get() + Duration::from_secs(1 << 20);
            NOW.set(far);
            if let Some(lock) = lock.upgrade() {
                lock.ring(alarm, far);
            }
        }
    }

    /// How many are set.
    pub(crate) fn count() -> usize {
        SET.with_borrow(Vec::len)
    }
}

/// An event from outside, at most once in each run of a model.
#[derive(Clone, Copy)]
pub(crate) enum Bell {
    /// The deadlines of all waits pass.
    Deadline,
    /// Those who can be cancelled are.
    Cancel,
}

#[derive(Default)]
struct Rung {
    rung: bool,
    listening: Vec<Waker>,
}

// The tasks of a model share one thread, and each test has its own.
thread_local!(static BELLS: RefCell<[Rung; 2]> = RefCell::default());

impl Bell {
    /// To be called when a run of a model begins.
    pub(crate) fn reset_all() {
        BELLS.take();
        alarm::reset();
    }

    pub(crate) fn ring(self) {
        step();
        let listening = BELLS.with_borrow_mut(|bells| {
            let bell = &mut bells[self as usize];
            bell.rung = true;
            mem::take(&mut bell.listening)
        });
        listening.into_iter().for_each(Waker::wake);
        if matches!(self, Self::Deadline) {
            alarm::ring_all();
        }
    }

    fn has_rung_already(self) -> bool {
        BELLS.with_borrow(|bells| bells[self as usize].rung)
    }

    fn has_rung(self, waker: &Waker) -> bool {
        BELLS.with_borrow_mut(|bells| {
            let bell = &mut bells[self as usize];
            if !bell.rung {
                bell.listening.push(waker.clone());
            }
            bell.rung
        })
    }
}

/// Drops the future, wherever it is, when [`Bell::Cancel`] rings.
pub(crate) async fn unless_cancelled<F: Future>(future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    poll_fn(|cx| {
        if Bell::Cancel.has_rung(cx.waker()) {
            return Poll::Ready(None);
        }
        future.as_mut().poll(cx).map(Some)
    })
    .await
}
