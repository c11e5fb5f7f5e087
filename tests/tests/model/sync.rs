//! The primitives of the lock engine, as the checker sees them: each hands control to the scheduler before it acts.

use shuttle::future::batch_semaphore::{AcquireError, BatchSemaphore, Fairness, TryAcquireError};
use shuttle::thread::yield_now;
use std::cell::RefCell;
use std::future::poll_fn;
use std::mem;
use std::pin::pin;
pub(crate) use std::sync::MutexGuard;
use std::sync::{LockResult, TryLockError};
use std::task::{Poll, Waker};
use tokio::time::Instant;

/// A mutex whose critical sections are steps of their own: the engine does nothing in them that another task could see,
/// which the checker makes sure of.
#[derive(Default)]
pub(crate) struct Mutex<T>(std::sync::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        yield_now();
        match self.0.try_lock() {
            Ok(guard) => Ok(guard),
            Err(TryLockError::Poisoned(poisoned)) => Err(poisoned),
            Err(TryLockError::WouldBlock) => panic!("a critical section was interrupted"),
        }
    }
}

/// tokio's semaphore, by the one that the checker brings: strictly first come, first served, as tokio's is.
pub(crate) struct Semaphore(BatchSemaphore);

pub(crate) struct Permit<'s>(&'s Semaphore);

impl Semaphore {
    pub(crate) fn new(permits: usize) -> Self {
        Self(BatchSemaphore::new(permits, Fairness::StrictlyFair))
    }

    pub(crate) fn try_acquire(&self) -> Result<Permit<'_>, TryAcquireError> {
        self.0.try_acquire(1).map(|()| Permit(self))
    }

    pub(crate) async fn acquire(&self) -> Result<Permit<'_>, AcquireError> {
        self.0.acquire(1).await.map(|()| Permit(self))
    }

    pub(crate) fn add_permits(&self, permits: usize) {
        self.0.release(permits);
    }

    /// The engine does not ask; a planted fault does.
    pub(crate) fn available_permits(&self) -> usize {
        self.0.available_permits()
    }
}

impl Permit<'_> {
    pub(crate) fn forget(self) {
        mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

/// Who runs.
pub(crate) mod task {
    pub(crate) type Id = shuttle::current::TaskId;

    pub(crate) fn try_id() -> Option<Id> {
        shuttle::current::get_current_task()
    }
}

/// As tokio's, the future first and then the clock. The clock strikes when a task of the model says so, so the checker
/// tries every moment for it.
pub(crate) async fn timeout_at<F: Future>(_: Instant, future: F) -> Result<F::Output, ()> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        if Bell::Deadline.has_rung(cx.waker()) {
            return Poll::Ready(Err(()));
        }
        Poll::Pending
    })
    .await
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
    }

    pub(crate) fn ring(self) {
        yield_now();
        let listening = BELLS.with_borrow_mut(|bells| {
            let bell = &mut bells[self as usize];
            bell.rung = true;
            mem::take(&mut bell.listening)
        });
        listening.into_iter().for_each(Waker::wake);
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
