//! Waiting for one's turn.

use super::Lock;
use super::queue::{Looked, Ticket};
use std::pin::Pin;
use std::task::{Context, Poll};

/// A place in a lock's line, for as long as it lives: a request that is cancelled drops it, too.
pub(crate) struct Turn<'l> {
    lock: &'l Lock,
    ticket: Ticket,
    has_ended: bool,
}

impl<'l> Turn<'l> {
    pub(super) fn new(lock: &'l Lock, ticket: Ticket) -> Self {
        Self {
            lock,
            ticket,
            has_ended: false,
        }
    }
}

impl Future for Turn<'_> {
    type Output = Result<(), Expired>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        assert!(!self.has_ended, "a turn was polled after it came");
        let (looked, _replaced) = self.lock.inside().line.poll(self.ticket, cx.waker());
        let result = match looked {
            Looked::Waiting => return Poll::Pending,
            Looked::Served => Ok(()),
            Looked::Expired => Err(Expired),
        };
        self.has_ended = true;
        Poll::Ready(result)
    }
}

/// The deadline has passed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Expired;

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.has_ended {
            self.lock.leave(self.ticket);
        }
    }
}
