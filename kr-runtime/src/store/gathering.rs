//! Whether a batch waits for more commits.
//!
//! Those whom the last batch has answered are about to change something again. If the batch waits until they have, one write
//! serves all clients; if it does not, each waits for two writes, that of the others and its own. With `n` clients who
//! take the time `r` to come back, and writes that take `w`, these are `n / (w + r)` changes a second, or `n / 2w`: the wait
//! is worth it if `r` is less than `w`, and nothing in between is better than both. `r` is not known, so it is tried: a wait
//! ends soon after `w` at the latest, and after one in vain some batches do without.

use std::time::{Duration, Instant};

/// The longest wait, however long a write takes.
const LONGEST: Duration = Duration::from_millis(4);

/// How many batches do without a wait at most before it is tried again.
const MOST_SKIPPED: u32 = 32;

/// The last batch, and what came of waiting.
#[derive(Debug)]
pub(super) struct LastBatch {
    commits: usize,
    /// How long writing it took.
    time: Duration,
    /// When that was done.
    ended: Option<Instant>,
    /// How many batches do without a wait from now on.
    skipped: u32,
    /// How many will after the next wait in vain.
    penalty: u32,
}

/// A batch that may wait for more commits.
pub(super) struct Gathering {
    /// How many commits came while the last batch was written.
    waiting: usize,
    /// How many there may be: with those whom the last batch has answered.
    expected: usize,
    until: Instant,
}

/// What a batch waits for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wait {
    /// So many commits in all that have not come yet.
    pub(super) commits: usize,
    /// Or that long.
    pub(super) time: Duration,
}

impl LastBatch {
    pub(super) fn new() -> Self {
        Self {
            commits: 0,
            time: Duration::ZERO,
            ended: None,
            skipped: 0,
            penalty: 1,
        }
    }

    /// A batch was written.
    pub(super) fn ended(&mut self, commits: usize, time: Duration, now: Instant) {
        self.commits = commits;
        self.time = time;
        self.ended = Some(now);
    }

    /// How many commits it had.
    pub(super) fn commits(&self) -> usize {
        self.commits
    }

    /// For the next batch, of which there is something now. `waiting` commits came while the last one was written. `None` if it
    /// is not to wait: nobody else is expected if nothing came for so long that it was not worth the wait.
    pub(super) fn gathering(&mut self, waiting: usize, now: Instant) -> Option<Gathering> {
        let until = self.ended? + self.worth();
        let is_skipped = self.skipped > 0;
        self.skipped = self.skipped.saturating_sub(1);
        let expected = waiting + self.commits;
        (now < until && !is_skipped).then_some(Gathering {
            waiting,
            expected,
            until,
        })
    }

    /// How long after a batch the next one may begin: a little longer than a write, since one large batch takes less processor
    /// time than two small ones.
    fn worth(&self) -> Duration {
        (self.time * 5 / 4).min(LONGEST)
    }

    /// A batch has waited, and has so many commits.
    pub(super) fn gathered(&mut self, gathering: &Gathering, commits: usize, now: Instant) {
        let came = commits.saturating_sub(gathering.waiting).max(1);
        let clients = gathering.expected.max(commits);
        // Those who wait already will be answered, too, and have to come back then.
        let all =
            self.ended.map_or(Duration::ZERO, |ended| now - ended) * clients as u32 / came as u32;
        if commits >= gathering.expected && all <= self.worth() {
            self.penalty = 1;
        } else {
            self.skipped = self.penalty;
            self.penalty = (self.penalty * 2).min(MOST_SKIPPED);
        }
    }
}

impl Gathering {
    /// For what a batch of so many commits waits; `None` if for nothing.
    pub(super) fn wait(&self, commits: usize, now: Instant) -> Option<Wait> {
        let time = self.until.saturating_duration_since(now);
        let missing = self.expected.saturating_sub(commits);
        (commits > 0 && missing > 0 && !time.is_zero()).then_some(Wait {
            commits: missing,
            time,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    const fn micros(micros: u64) -> Duration {
        Duration::from_micros(micros)
    }

    /// When a batch waits.
    #[derive(Clone, Copy, PartialEq)]
    enum Policy {
        /// As it is.
        This,
        Never,
        /// For all clients, however long they take.
        Always,
    }

    /// How many changes a second there are with so many clients: those who were answered come back one after the other, with
    /// `gap` microseconds between them, and writing a batch takes `write` microseconds.
    fn rate(policy: Policy, clients: usize, gap: u64, write: u64) -> f64 {
        let start = Instant::now();
        let mut last = LastBatch::new();
        // When they come, in their order.
        let mut coming: VecDeque<u64> = (1..=clients as u64).map(|n| n * gap).collect();
        let (mut now, mut done) = (0, 0);
        while done < 400 * clients {
            let arrived = |now: u64, coming: &VecDeque<u64>| {
                coming.iter().take_while(|time| **time <= now).count()
            };
            let waiting = arrived(now, &coming);
            if waiting == 0 {
                now = coming[0];
            }
            match policy {
                Policy::Never => {}
                Policy::Always => now = now.max(coming[clients - 1]),
                Policy::This => {
                    if let Some(gathering) = last.gathering(waiting, start + micros(now)) {
                        let commits = arrived(now, &coming);
                        if let Some(wait) = gathering.wait(commits, start + micros(now)) {
                            let wanted = (commits + wait.commits).min(clients);
                            let all = coming[wanted - 1];
                            now = all.min(now + wait.time.as_micros() as u64);
                        }
                        last.gathered(&gathering, arrived(now, &coming), start + micros(now));
                    }
                }
            }
            let batch = arrived(now, &coming);
            coming.drain(..batch);
            now += write;
            last.ended(batch, micros(write), start + micros(now));
            done += batch;
            let mut next = coming.back().copied().unwrap_or(0).max(now);
            for _ in 0..batch {
                next += gap;
                coming.push_back(next);
            }
        }
        done as f64 / now as f64 * 1e6
    }

    #[test]
    fn it_is_about_as_good_as_the_better_of_always_and_never() {
        for clients in [1, 2, 8, 32, 128, 512] {
            for gap in [5, 10, 20] {
                for write in [100, 250, 500, 1000, 4000] {
                    let never = rate(Policy::Never, clients, gap, write);
                    let always = rate(Policy::Always, clients, gap, write);
                    let this = rate(Policy::This, clients, gap, write);
                    assert!(
                        this >= 0.8 * never.max(always),
                        "{clients} clients, {gap} µs apart, writes of {write} µs: {this:.0} a second, never {never:.0}, \
                         always {always:.0}"
                    );
                }
            }
        }
    }

    /// A batch of so many commits was written, and took that many microseconds.
    fn after(commits: usize, time: u64) -> (LastBatch, Instant) {
        let now = Instant::now();
        let mut last = LastBatch::new();
        last.ended(commits, micros(time), now);
        (last, now)
    }

    #[test]
    fn those_who_were_answered_are_waited_for() {
        let (mut last, now) = after(8, 1000);
        let gathering = last.gathering(0, now + micros(60)).unwrap();
        let wait = Wait {
            commits: 7,
            time: micros(1190),
        };
        assert_eq!(gathering.wait(1, now + micros(60)), Some(wait));
        assert_eq!(gathering.wait(8, now + micros(300)), None);
    }

    #[test]
    fn one_client_at_a_time_is_not_kept_waiting() {
        let (mut last, now) = after(1, 1000);
        let gathering = last.gathering(0, now + micros(60)).unwrap();
        assert_eq!(gathering.wait(1, now + micros(60)), None);
    }

    #[test]
    fn nobody_is_waited_for_much_longer_than_a_write_or_four_milliseconds() {
        let (mut last, now) = after(8, 1000);
        let gathering = last.gathering(4, now).unwrap();
        assert_eq!(gathering.wait(4, now + micros(1250)), None);
        let (mut last, now) = after(8, 9000);
        let gathering = last.gathering(4, now).unwrap();
        assert_eq!(gathering.wait(4, now + micros(4000)), None);
    }

    #[test]
    fn a_commit_after_an_idle_moment_is_written_at_once() {
        let (mut last, now) = after(8, 100);
        assert!(last.gathering(0, now + micros(150)).is_none());
    }

    #[test]
    fn the_first_commit_of_all_is_written_at_once() {
        assert!(LastBatch::new().gathering(0, Instant::now()).is_none());
    }

    #[test]
    fn after_a_wait_in_vain_some_batches_do_without_and_more_after_the_next() {
        let (mut last, now) = after(8, 1000);
        let mut without = Vec::new();
        for _ in 0..7 {
            let gathering = last.gathering(4, now).unwrap();
            last.gathered(&gathering, 4, now);
            without.push(
                (0..)
                    .take_while(|_| last.gathering(4, now).is_none())
                    .count(),
            );
        }
        assert_eq!(without, [1, 2, 4, 8, 16, 32, 32]);
    }
}
