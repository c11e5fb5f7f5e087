//! Waiting for one's turn.

use super::Lock;
use super::line::Ticket;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A place in a lock's line, for as long as it lives: a request that is cancelled drops it, too.
pub(crate) struct Turn<'l> {
    lock: &'l Lock,
    ticket: Ticket,
    has_come: bool,
}

impl<'l> Turn<'l> {
    pub(super) fn new(lock: &'l Lock, ticket: Ticket) -> Self {
        Self {
            lock,
            ticket,
            has_come: false,
        }
    }
}

impl Future for Turn<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if !self.has_come {
            let (has_come, _replaced) = self.lock.inside().line.poll(self.ticket, cx.waker());
            self.has_come = has_come;
        }
        if self.has_come {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.has_come {
            // What wakers do, woken or dropped, is not to happen inside the lock's own mutex.
            let left = self.lock.inside().line.leave(self.ticket);
            if let Some(next) = left.next {
                next.wake();
            }
        }
    }
}
