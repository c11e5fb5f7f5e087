//! What the mutex of a lock protects: its queue, with its timer, and the value that the lock guards.

use super::Holder;
use super::queue::{Expiry, Queue, WaiterId};
use crate::sync::timer::TimerId;
use crate::sync::unique_id;
use std::task::Waker;
use std::time::{Duration, Instant};

/// What the mutex of a lock protects.
#[derive(Default)]
pub(crate) struct Entry<V> {
    pub(super) queue: Queue,
    pub(crate) value: V,
}

/// A timer to start, in the place of another one.
pub(super) struct TimerChange {
    pub(super) start: TimerId,
    pub(super) cancel: Option<TimerId>,
}

/// How often the clock is read for waiters with a [coarse](Entry::enqueue_coarse) deadline.
pub(super) const COARSE_TICK: Duration = Duration::from_millis(500);

impl<V> Entry<V> {
    /// Joins the queue without reading the clock, if a tick is due soon. The wait then counts from that tick, so it can be
    /// up to 1/60 shorter. Reading the clock takes a fifth of the time that a short wait does.
    pub(super) fn enqueue_coarse(
        &mut self,
        holder: Holder,
        timeout: Duration,
        waker: Waker,
    ) -> (WaiterId, Option<TimerChange>) {
        if self.queue.timer_mut().has_coarse_tick && timeout >= 60 * COARSE_TICK {
            let expiry = Expiry::After(timeout.saturating_sub(COARSE_TICK));
            return (self.queue.push(holder, expiry, Some(waker)), None);
        }
        let now = Instant::now();
        let deadline = now.checked_add(timeout);
        let expiry = deadline.map_or(Expiry::Never, Expiry::At);
        let id = self.queue.push(holder, expiry, Some(waker));
        self.queue.timer_mut().has_coarse_tick = true;
        let tick = now + COARSE_TICK;
        let next = deadline.map_or(tick, |deadline| deadline.min(tick));
        (id, self.timer_at(next))
    }

    /// Makes sure that a timer fires by that time.
    pub(super) fn timer_at(&mut self, at: Instant) -> Option<TimerChange> {
        let timer = &mut self.queue.timer_mut().id;
        if timer.is_some_and(|(known, _)| known <= at) {
            return None;
        }
        let start = (at, unique_id());
        let cancel = timer.replace(start);
        Some(TimerChange { start, cancel })
    }
}
