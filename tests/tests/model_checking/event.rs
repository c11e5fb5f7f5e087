//! Events that a model triggers at any moment: deadlines pass, waits are cancelled.

use crate::sync::{step, timer};
use std::cell::RefCell;
use std::future::poll_fn;
use std::mem;
use std::task::{Poll, Waker};

/// Happens at most once in each run of a model.
#[derive(Clone, Copy)]
pub(crate) enum Event {
    /// The deadlines of all waits pass.
    Deadline,
    /// All futures inside [`unless_cancelled`] are dropped.
    Cancellation,
}

#[derive(Default)]
struct Status {
    has_happened: bool,
    wakers: Vec<Waker>,
}

// The tasks of a model share one thread, and each test has its own.
thread_local!(static EVENTS: RefCell<[Status; 2]> = RefCell::default());

impl Event {
    /// To be called when a run of a model begins.
    pub(crate) fn reset_all() {
        EVENTS.take();
        timer::reset();
    }

    pub(crate) fn trigger(self) {
        step();
        let wakers = EVENTS.with_borrow_mut(|events| {
            let status = &mut events[self as usize];
            status.has_happened = true;
            mem::take(&mut status.wakers)
        });
        wakers.into_iter().for_each(Waker::wake);
        if matches!(self, Self::Deadline) {
            timer::fire_all();
        }
    }

    pub(crate) fn has_happened(self) -> bool {
        EVENTS.with_borrow(|events| events[self as usize].has_happened)
    }

    /// As [`has_happened`](Self::has_happened); if not, wakes `waker` when it does.
    fn poll(self, waker: &Waker) -> bool {
        EVENTS.with_borrow_mut(|events| {
            let status = &mut events[self as usize];
            if !status.has_happened {
                status.wakers.push(waker.clone());
            }
            status.has_happened
        })
    }
}

/// Drops the future, whatever it waits for, on [`Event::Cancellation`].
pub(crate) async fn unless_cancelled<F: Future>(future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    poll_fn(|cx| {
        if Event::Cancellation.poll(cx.waker()) {
            return Poll::Ready(None);
        }
        future.as_mut().poll(cx).map(Some)
    })
    .await
}
