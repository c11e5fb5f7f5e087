//! The state of a lock: who holds it, and who waits in which order.
//!
//! Nothing here waits or wakes; what is told here is what a lock does between two steps of anybody else.

use super::{Holder, Totals};
use std::collections::VecDeque;
use std::task::Waker;
use std::time::{Duration, Instant};

/// A place in line. Later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// Who holds a lock and who waits for it.
#[derive(Default)]
pub(super) struct Line {
    holder: Option<Holder>,
    /// The ticket of a holder that waited, until it has been told.
    served: Option<Ticket>,
    /// In the order of their tickets.
    waiting: VecDeque<Waiter>,
    last: u64,
    pub(super) totals: Totals,
}

/// What somebody who waits finds when they look.
pub(super) enum Looked {
    Served,
    Waiting,
    Expired,
}

/// What somebody who gave up has left.
pub(super) struct Left {
    /// To be woken: the lock was passed on to this one.
    pub(super) next: Option<Waker>,
    /// To be dropped.
    pub(super) _own: Option<Waker>,
}

struct Waiter {
    ticket: Ticket,
    /// As what it will hold the lock.
    holder: Holder,
    ends: Ends,
    /// Known once it has been polled.
    waker: Option<Waker>,
}

/// When somebody has waited for long enough.
#[derive(Clone, Copy)]
pub(super) enum Ends {
    At(Instant),
    /// That long after the clock is next read.
    After(Duration),
    /// Beyond what the clock can say.
    Never,
}

impl Line {
    /// Takes the lock, if it is free. Then nobody waits for it: a release passes it on.
    pub(super) fn take(&mut self, holder: Holder) -> bool {
        if self.holder.is_some() {
            return false;
        }
        self.holder = Some(holder);
        self.totals.granted += 1;
        true
    }

    /// Gets in line. `waker` is called when it is its turn, or will never be.
    pub(super) fn enter(&mut self, holder: Holder, ends: Ends, waker: Option<Waker>) -> Ticket {
        self.totals.waited += 1;
        self.last += 1;
        let ticket = Ticket(self.last);
        self.waiting.push_back(Waiter {
            ticket,
            // It has not begun to hold anything.
            holder: Holder {
                since: None,
                ..holder
            },
            ends,
            waker,
        });
        ticket
    }

    /// Whether it is this one's turn, or will never be; if neither, `waker` is called when it is. Returns the waker that it
    /// replaces, too, since what dropping that one does is not known.
    pub(super) fn poll(&mut self, ticket: Ticket, waker: &Waker) -> (Looked, Option<Waker>) {
        if self.is_served(ticket) {
            return (Looked::Served, None);
        }
        let Some(at) = self.find(ticket) else {
            return (Looked::Expired, None);
        };
        let replaced = match &mut self.waiting[at].waker {
            Some(known) if known.will_wake(waker) => None,
            known => known.replace(waker.clone()),
        };
        (Looked::Waiting, replaced)
    }

    /// Takes those out of the line who have waited for long enough. Returns their wakers.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<Option<Waker>> {
        let mut expired = Vec::new();
        self.waiting.retain_mut(|waiter| {
            if let Ends::After(wait) = waiter.ends {
                waiter.ends = now.checked_add(wait).map_or(Ends::Never, Ends::At);
            }
            let stays = !matches!(waiter.ends, Ends::At(until) if until <= now);
            if !stays {
                expired.push(waiter.waker.take());
            }
            stays
        });
        self.shrink();
        expired
    }

    /// When the first of them will have waited for long enough, as far as that is known.
    pub(super) fn earliest(&self) -> Option<Instant> {
        let known = self.waiting.iter().filter_map(|waiter| match waiter.ends {
            Ends::At(until) => Some(until),
            Ends::After(_) | Ends::Never => None,
        });
        known.min()
    }

    /// Gives a place in line up. A lock that has been passed on meanwhile is passed on again.
    pub(super) fn leave(&mut self, ticket: Ticket) -> Left {
        if self.served == Some(ticket) {
            return Left {
                next: self.release(),
                _own: None,
            };
        }
        let waiter = self.find(ticket).and_then(|at| self.waiting.remove(at));
        self.shrink();
        Left {
            next: None,
            _own: waiter.and_then(|waiter| waiter.waker),
        }
    }

    /// Passes the lock on to the one that has waited longest, who is to be woken.
    pub(super) fn release(&mut self) -> Option<Waker> {
        let next = self.waiting.pop_front();
        self.served = next.as_ref().map(|next| next.ticket);
        self.holder = next.as_ref().map(|next| next.holder);
        if next.is_some() {
            self.totals.granted += 1;
            self.shrink();
        }
        next.and_then(|next| next.waker)
    }

    /// The memory of a long line goes with the line.
    fn shrink(&mut self) {
        if self.waiting.is_empty() && self.waiting.capacity() > 16 {
            self.waiting = VecDeque::new();
        }
    }

    /// Whether it is this one's turn.
    fn is_served(&mut self, ticket: Ticket) -> bool {
        let is_served = self.served == Some(ticket);
        if is_served {
            self.served = None;
        }
        is_served
    }

    pub(super) fn holder(&self) -> Option<&Holder> {
        self.holder.as_ref()
    }

    pub(super) fn holder_mut(&mut self) -> Option<&mut Holder> {
        self.holder.as_mut()
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    fn find(&self, ticket: Ticket) -> Option<usize> {
        self.waiting
            .binary_search_by_key(&ticket, |waiter| waiter.ticket)
            .ok()
    }
}
