//! The holder of a lock, and the requests that wait for it, first come first served.
//!
//! Nothing here waits or wakes. Each method is one step that nobody can see half of.

use super::{Holder, LockCounters};
use crate::sync::timer::TimerId;
use std::collections::VecDeque;
use std::task::Waker;
use std::time::{Duration, Instant};

/// Names a waiter. Later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WaiterId(u64);

/// The holder of a lock and its wait queue.
#[derive(Default)]
pub(super) struct Queue {
    holder: Option<Holder>,
    /// How often the lock was granted.
    grants: u64,
    /// Made for the first request that has to wait: for most of a million locks there never is one.
    waits: Option<Box<Waits>>,
}

/// What a lock needs only once a request has had to wait for it.
#[derive(Default)]
struct Waits {
    /// The waiter that the lock was granted to, until it has noticed.
    granted: Option<WaiterId>,
    /// Sorted by id.
    waiting: VecDeque<Waiting>,
    last_id: u64,
    waited: u64,
    timed_out: u64,
    rejected: u64,
    timer: LockTimer,
}

/// The timer of a lock.
#[derive(Default)]
pub(super) struct LockTimer {
    /// Fires when the first waiter may have timed out, or to read the clock for waiters with a coarse deadline.
    pub(super) id: Option<TimerId>,
    /// Whether it fires within [`COARSE_TICK`](super::entry::COARSE_TICK) from now.
    pub(super) has_coarse_tick: bool,
}

/// What a waiter finds when it looks.
pub(super) enum WaitState {
    Granted,
    Waiting,
    TimedOut,
}

/// What a cancelled wait leaves behind.
pub(super) struct Removed {
    /// The waiter that the lock was passed on to, to be woken.
    pub(super) next: Option<Waker>,
    /// The waker of the cancelled wait, to be dropped outside the mutex.
    pub(super) _own: Option<Waker>,
}

struct Waiting {
    id: WaiterId,
    /// What it becomes when the lock is granted.
    holder: Holder,
    expiry: Expiry,
    /// Known once the waiter has been polled.
    waker: Option<Waker>,
}

/// When a wait ends without the lock.
#[derive(Clone, Copy)]
pub(super) enum Expiry {
    At(Instant),
    /// That long after the clock is next read.
    After(Duration),
    /// Beyond what the clock can say.
    Never,
}

impl Queue {
    /// Takes the lock if it is free. Then nobody waits for it, since a release grants it to the next waiter.
    #[inline]
    pub(super) fn try_acquire(&mut self, holder: Holder) -> bool {
        if self.holder.is_some() {
            return false;
        }
        self.holder = Some(holder);
        self.grants += 1;
        true
    }

    /// Joins the queue. `waker` is called when the lock is granted, or the wait has timed out.
    pub(super) fn push(
        &mut self,
        holder: Holder,
        expiry: Expiry,
        waker: Option<Waker>,
    ) -> WaiterId {
        let waits = self.waits_mut();
        waits.waited += 1;
        waits.last_id += 1;
        let id = WaiterId(waits.last_id);
        waits.waiting.push_back(Waiting {
            id,
            // It does not hold anything yet.
            holder: Holder {
                since: None,
                ..holder
            },
            expiry,
            waker,
        });
        id
    }

    /// Whether the lock was granted or the wait has timed out; if neither, `waker` is called when that happens. Also
    /// returns the waker that was replaced, which is dropped outside the mutex because dropping it runs foreign code.
    pub(super) fn poll(&mut self, id: WaiterId, waker: &Waker) -> (WaitState, Option<Waker>) {
        let waits = self.waits_mut();
        if waits.take_grant(id) {
            return (WaitState::Granted, None);
        }
        let Some(at) = waits.find(id) else {
            return (WaitState::TimedOut, None);
        };
        let replaced = match &mut waits.waiting[at].waker {
            Some(known) if known.will_wake(waker) => None,
            known => known.replace(waker.clone()),
        };
        (WaitState::Waiting, replaced)
    }

    /// Removes the waiters whose time is over. Returns their wakers.
    pub(super) fn time_out(&mut self, now: Instant) -> Vec<Option<Waker>> {
        let mut timed_out = Vec::new();
        let waits = self.waits_mut();
        waits.waiting.retain_mut(|waiter| {
            if let Expiry::After(wait) = waiter.expiry {
                waiter.expiry = now.checked_add(wait).map_or(Expiry::Never, Expiry::At);
            }
            let stays = !matches!(waiter.expiry, Expiry::At(deadline) if deadline <= now);
            if !stays {
                timed_out.push(waiter.waker.take());
            }
            stays
        });
        waits.shrink();
        timed_out
    }

    /// The earliest deadline in the queue, as far as deadlines are known.
    pub(super) fn earliest_deadline(&self) -> Option<Instant> {
        let waiting = self.waits.iter().flat_map(|waits| &waits.waiting);
        let known = waiting.filter_map(|waiter| match waiter.expiry {
            Expiry::At(deadline) => Some(deadline),
            Expiry::After(_) | Expiry::Never => None,
        });
        known.min()
    }

    /// Cancels a wait. A lock that was granted meanwhile is passed on.
    pub(super) fn remove(&mut self, id: WaiterId) -> Removed {
        let waits = self.waits_mut();
        if waits.granted == Some(id) {
            return Removed {
                next: self.release(),
                _own: None,
            };
        }
        let waiter = waits.find(id).and_then(|at| waits.waiting.remove(at));
        waits.shrink();
        Removed {
            next: None,
            _own: waiter.and_then(|waiter| waiter.waker),
        }
    }

    /// Grants the lock to the request that has waited longest. Returns its waker.
    #[inline]
    pub(super) fn release(&mut self) -> Option<Waker> {
        self.holder = None;
        let waits = self.waits.as_mut()?;
        let next = waits.waiting.pop_front();
        waits.granted = next.as_ref().map(|next| next.id);
        self.holder = next.as_ref().map(|next| next.holder);
        if next.is_some() {
            self.grants += 1;
            waits.shrink();
        }
        next.and_then(|next| next.waker)
    }

    /// A wait has ended without the lock.
    pub(super) fn count_timed_out(&mut self) {
        self.waits_mut().timed_out += 1;
    }

    /// A request was rejected because the queue was full.
    pub(super) fn count_rejected(&mut self) {
        self.waits_mut().rejected += 1;
    }

    pub(super) fn counters(&self) -> LockCounters {
        let waits = self.waits.as_ref();
        LockCounters {
            granted: self.grants,
            waited: waits.map_or(0, |waits| waits.waited),
            timed_out: waits.map_or(0, |waits| waits.timed_out),
            rejected: waits.map_or(0, |waits| waits.rejected),
        }
    }

    pub(super) fn holder(&self) -> Option<&Holder> {
        self.holder.as_ref()
    }

    pub(super) fn holder_mut(&mut self) -> Option<&mut Holder> {
        self.holder.as_mut()
    }

    /// What those who wait become once the lock is granted, in their order.
    #[cfg(feature = "operations")]
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Holder> {
        let waits = self.waits.iter();
        waits.flat_map(|waits| waits.waiting.iter().map(|waiting| &waiting.holder))
    }

    /// How many requests wait.
    pub(super) fn len(&self) -> usize {
        self.waits.as_ref().map_or(0, |waits| waits.waiting.len())
    }

    /// The timer that runs, if one does.
    pub(super) fn timer(&self) -> Option<TimerId> {
        self.waits.as_ref()?.timer.id
    }

    pub(super) fn timer_mut(&mut self) -> &mut LockTimer {
        &mut self.waits_mut().timer
    }

    fn waits_mut(&mut self) -> &mut Waits {
        self.waits.get_or_insert_default()
    }
}

impl Waits {
    /// Frees the memory of a long queue once it is empty.
    fn shrink(&mut self) {
        if self.waiting.is_empty() && self.waiting.capacity() > 16 {
            self.waiting = VecDeque::new();
        }
    }

    fn take_grant(&mut self, id: WaiterId) -> bool {
        let is_granted = self.granted == Some(id);
        if is_granted {
            self.granted = None;
        }
        is_granted
    }

    fn find(&self, id: WaiterId) -> Option<usize> {
        self.waiting
            .binary_search_by_key(&id, |waiter| waiter.id)
            .ok()
    }
}
