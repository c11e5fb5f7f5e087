//! What the mutex of a lock is around: its line, its alarm, and the values that it guards.

use super::Holder;
use super::queue::{Ends, Line, Ticket};
use super::table::unique;
use crate::store::lock_group::Cut;
use crate::sync::timer::Alarm;
use std::task::Waker;
use std::time::{Duration, Instant};

/// What is inside of a lock.
#[derive(Default)]
pub(crate) struct Inside {
    pub(super) line: Line,
    /// Rings when the first in line may have waited for long enough, or to read the clock for those who came since.
    pub(super) alarm: Option<Alarm>,
    /// Whether the alarm rings within [`READING`] from now, whenever that is.
    pub(super) is_reading: bool,
    pub(crate) cut: Cut,
}

/// An alarm to set, in the place of another one.
pub(super) struct AlarmChange {
    pub(super) to: Alarm,
    pub(super) from: Option<Alarm>,
}

/// How often the clock is read for a lock in whose line somebody waits [for about](Inside::wait_about) some time.
const READING: Duration = Duration::from_millis(500);

impl Inside {
    /// Gets in line, for a time that may turn out shorter by a sixtieth: reading the clock takes a fifth of what waiting for a
    /// short change does, so a long wait is counted from when the clock is next read.
    pub(super) fn wait_about(
        &mut self,
        holder: Holder,
        wait: Duration,
        waker: Waker,
    ) -> (Ticket, Option<AlarmChange>) {
        if self.is_reading && wait >= 60 * READING {
            let ends = Ends::After(wait.saturating_sub(READING));
            return (self.line.enter(holder, ends, Some(waker)), None);
        }
        let now = Instant::now();
        let until = now.checked_add(wait);
        let ticket = self
            .line
            .enter(holder, until.map_or(Ends::Never, Ends::At), Some(waker));
        self.is_reading = true;
        let next = until.map_or(now + READING, |until| until.min(now + READING));
        (ticket, self.alarm_at(next))
    }

    /// Has an alarm for that time, unless there is one that rings as early.
    pub(super) fn alarm_at(&mut self, at: Instant) -> Option<AlarmChange> {
        if self.alarm.is_some_and(|(known, _)| known <= at) {
            return None;
        }
        let to = (at, unique());
        let from = self.alarm.replace(to);
        Some(AlarmChange { to, from })
    }
}
