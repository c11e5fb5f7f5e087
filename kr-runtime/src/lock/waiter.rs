//! The future of a wait.

use super::Lock;
use super::queue::{WaitState, WaiterId};
use std::pin::Pin;
use std::task::{Context, Poll};

/// A place in a lock's queue. Dropping it, as a cancelled request does, leaves the queue.
pub(crate) struct Waiter<'l, V> {
    lock: &'l Lock<V>,
    id: WaiterId,
    has_ended: bool,
}

impl<'l, V> Waiter<'l, V> {
    pub(super) fn new(lock: &'l Lock<V>, id: WaiterId) -> Self {
        Self {
            lock,
            id,
            has_ended: false,
        }
    }
}

impl<V> Future for Waiter<'_, V> {
    type Output = Result<(), Expired>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        assert!(!self.has_ended, "a waiter was polled after it had ended");
        let (state, _replaced) = self.lock.entry().queue.poll(self.id, cx.waker());
        let result = match state {
            WaitState::Waiting => return Poll::Pending,
            WaitState::Granted => Ok(()),
            WaitState::TimedOut => Err(Expired),
        };
        self.has_ended = true;
        Poll::Ready(result)
    }
}

/// The deadline has passed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Expired;

impl<V> Drop for Waiter<'_, V> {
    fn drop(&mut self) {
        if !self.has_ended {
            self.lock.cancel_wait(self.id);
        }
    }
}
