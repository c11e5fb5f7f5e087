//! How long a batch waits for more commits.
//!
//! Those whom the last batch has answered are about to change something again. If they come soon, the batch waits for them, or
//! they would wait for two writes, that of the few who were faster and their own. It goes on to wait for as long as commits come
//! faster than the store writes them: then the batch with them is written at a higher rate than the one without.

use std::thread;
use std::time::{Duration, Instant};

/// The longest wait, however long a write takes.
const LONGEST: Duration = Duration::from_millis(2);

/// How often it is looked whether commits have come. The system makes more of it.
const LOOK: Duration = Duration::from_micros(50);

/// The last batch.
#[derive(Debug, Default)]
pub(super) struct LastBatch {
    commits: usize,
    /// How long writing it took.
    time: Duration,
    /// When that was done.
    ended: Option<Instant>,
}

/// How long a batch waits for more commits.
pub(super) struct Gathering {
    /// How many may come: those that waited when the last batch was done, and those that it answered.
    expected: usize,
    /// How long writing the last batch took.
    time: Duration,
    since: Instant,
    /// When the rate of what comes was looked at last.
    measured: Instant,
    /// How many commits there were then.
    seen: usize,
}

impl LastBatch {
    /// A batch was written.
    pub(super) fn ended(&mut self, commits: usize, time: Duration, now: Instant) {
        *self = Self {
            commits,
            time,
            ended: Some(now),
        };
    }

    /// How many commits it had.
    pub(super) fn commits(&self) -> usize {
        self.commits
    }

    /// For the next batch, of which there is something now. `waiting` commits came while the last one was written. If nothing came
    /// for so long that it was not worth the wait, nobody else is expected.
    pub(super) fn gathering(&self, waiting: usize, now: Instant) -> Gathering {
        let is_recent = |ended: Instant| now - ended < self.time.min(LONGEST);
        let answered = self.ended.filter(|ended| is_recent(*ended));
        Gathering {
            expected: waiting + answered.map_or(0, |_| self.commits),
            time: self.time,
            since: now,
            measured: now,
            seen: waiting,
        }
    }
}

impl Gathering {
    /// Waits a moment if more commits are worth it. Returns whether it has waited.
    pub(super) fn waits(&mut self, commits: usize) -> bool {
        let waits = self.is_worth_it(commits, Instant::now());
        if waits {
            thread::sleep(LOOK);
        }
        waits
    }

    fn is_worth_it(&mut self, commits: usize, now: Instant) -> bool {
        let waited = now - self.since;
        if commits == 0 || commits >= self.expected || waited >= self.time.min(LONGEST) {
            return false;
        }
        let measuring = now - self.measured;
        // It takes them a moment to begin, on a busy machine in particular.
        if measuring < (self.time / 4).max(LOOK) {
            return true;
        }
        let arrived = commits.saturating_sub(self.seen) as f64;
        (self.seen, self.measured) = (commits, now);
        // Their rate, and that of this batch if it is written now.
        let rate = commits as f64 / (self.time + waited).as_secs_f64();
        arrived > rate * measuring.as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn micros(micros: u64) -> Duration {
        Duration::from_micros(micros)
    }

    /// What comes after a batch of so many commits that took so long, and whether it is waited for: how many commits there
    /// are after how many microseconds. `waiting` are there at once.
    #[track_caller]
    fn check(last: (usize, u64), waiting: usize, looks: &[(u64, usize, bool)]) {
        let start = Instant::now();
        let mut batch = LastBatch::default();
        batch.ended(last.0, micros(last.1), start);
        let first = start + micros(looks[0].0);
        let mut gathering = batch.gathering(waiting, first);
        for (time, commits, expected) in looks {
            let waits = gathering.is_worth_it(*commits, start + micros(*time));
            assert_eq!(waits, *expected, "{commits} commits after {time} µs");
        }
    }

    #[test]
    fn one_client_at_a_time_is_not_kept_waiting() {
        check((1, 4000), 0, &[(80, 1, false)]);
    }

    #[test]
    fn those_who_were_answered_are_waited_for() {
        check(
            (8, 4000),
            0,
            &[(60, 1, true), (160, 7, true), (260, 8, false)],
        );
    }

    #[test]
    fn a_batch_in_two_halves_becomes_one() {
        check(
            (4, 4000),
            4,
            &[(0, 4, true), (100, 4, true), (200, 8, false)],
        );
    }

    #[test]
    fn nobody_is_waited_for_who_does_not_come() {
        check(
            (8, 4000),
            4,
            &[(0, 4, true), (900, 4, true), (1000, 4, false)],
        );
    }

    #[test]
    fn those_who_come_slowly_are_not_waited_for() {
        // Sixty in two milliseconds are more than seven in half of one.
        check((99, 2000), 60, &[(0, 60, true), (500, 67, false)]);
        check(
            (99, 2000),
            60,
            &[(0, 60, true), (500, 80, true), (1000, 85, false)],
        );
    }

    #[test]
    fn no_wait_is_longer_than_a_write_or_two_milliseconds() {
        check((99, 300), 1, &[(0, 1, true), (310, 50, false)]);
        check((99, 9000), 1, &[(0, 1, true), (2010, 50, false)]);
    }

    #[test]
    fn a_commit_after_an_idle_moment_is_written_at_once() {
        check((8, 100), 0, &[(150, 1, false)]);
    }
}
