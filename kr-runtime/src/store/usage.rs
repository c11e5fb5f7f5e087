//! Which instances of a key space were used least recently.
//!
//! A clock that moves when instances are made, and when time passes, is copied into an instance whenever it is used: that
//! is all that a use costs. The instances that may be removed are in a heap by what the clock was when they were last
//! looked at. Whoever takes one out compares: if it was used since, it goes back with the newer time. So nobody ever looks
//! at all instances, and the order is that of the last uses, but for those between two steps of the clock.

use crate::sync::{Mutex, MutexGuard};
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashSet, VecDeque};
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex as StdMutex, PoisonError};
use std::time::{Duration, Instant};

/// It does not move as long as no key space has limits.
static CLOCK: AtomicU64 = AtomicU64::new(0);

/// Which instances of a key space are removed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct InstanceLimits {
    /// Those that nobody has used for so long.
    pub(crate) idle_for: Option<Duration>,
    /// The least recently used ones beyond that number.
    pub(crate) at_most: Option<usize>,
}

/// When a value was last used.
#[derive(Default)]
pub(super) struct LastUse(AtomicU64);

/// The instances of a key space that may be removed.
pub(crate) struct Usage<K> {
    state: Mutex<State<K>>,
    wake: Arc<Wake>,
}

struct State<K> {
    limits: InstanceLimits,
    candidates: BinaryHeap<Reverse<Candidate<K>>>,
    /// When the clock was moved because time passed, and where it stood then.
    ticks: VecDeque<(Instant, u64)>,
}

/// An instance that may be removed.
pub(crate) struct Candidate<K> {
    pub(crate) key: K,
    /// Where the clock stood when it was last looked at.
    pub(crate) used: u64,
}

/// What becomes of an instance that was used least recently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// It is removed, as a commit.
    Removal,
    /// It leaves memory; the store has it.
    Unload,
}

/// Wakes the thread that removes instances.
#[derive(Default)]
pub(crate) struct Wake {
    is_due: StdMutex<bool>,
    due: Condvar,
}

/// Moves the clock on.
fn step() -> u64 {
    CLOCK.fetch_add(1, Relaxed) + 1
}

impl LastUse {
    /// The value is used now.
    #[inline]
    pub(super) fn set_now(&self) {
        let now = CLOCK.load(Relaxed);
        if self.0.load(Relaxed) != now {
            self.0.store(now, Relaxed);
        }
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl InstanceLimits {
    /// What both allow.
    fn and(self, other: Self) -> Self {
        let smaller = |one: Option<usize>, other| one.into_iter().chain(other).min();
        Self {
            idle_for: self.idle_for.into_iter().chain(other.idle_for).min(),
            at_most: smaller(self.at_most, other.at_most),
        }
    }
}

impl<K: Eq + Hash> Usage<K> {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                limits: InstanceLimits::default(),
                candidates: BinaryHeap::new(),
                ticks: VecDeque::new(),
            }),
            wake: Arc::default(),
        }
    }

    pub(super) fn limit(&self, limits: InstanceLimits) {
        let mut state = self.state();
        state.limits = state.limits.and(limits);
        drop(state);
        self.wake.wake();
    }

    pub(crate) fn wake(&self) -> Arc<Wake> {
        Arc::clone(&self.wake)
    }

    /// An instance was made; `count` are there now.
    pub(super) fn add(&self, key: K, count: usize) {
        let used = step();
        let mut state = self.state();
        state.candidates.push(Reverse(Candidate { key, used }));
        let is_due =
            state.limits.at_most.is_some_and(|most| count > most) || state.has_many_outdated(count);
        drop(state);
        if is_due {
            self.wake.wake();
        }
    }

    /// An instance that was looked at stays.
    pub(crate) fn put_back(&self, candidate: Candidate<K>) {
        self.state().candidates.push(Reverse(candidate));
    }

    /// An instance that is in use stays, and counts as used now.
    pub(crate) fn put_back_as_used(&self, key: K) {
        let used = CLOCK.load(Relaxed);
        self.put_back(Candidate { key, used });
    }

    /// The least recently used instance, if it is to be removed or to leave memory; `count` are there now.
    pub(crate) fn next(&self, count: usize, is_over_budget: bool) -> Option<(Candidate<K>, Due)> {
        let mut state = self.state();
        let idle_since = state.idle_since();
        let Reverse(first) = state.candidates.peek()?;
        let is_idle = idle_since.is_some_and(|since| first.used < since);
        let is_too_many = state.limits.at_most.is_some_and(|most| count > most);
        let due = match is_idle || is_too_many {
            true => Due::Removal,
            // Those with limits stay in memory: nobody else knows when they were used last.
            false if is_over_budget && state.limits == InstanceLimits::default() => Due::Unload,
            false => return None,
        };
        let Reverse(first) = state.candidates.pop()?;
        Some((first, due))
    }

    /// Whether instances are removed that nobody uses.
    pub(crate) fn has_limits(&self) -> bool {
        self.state().limits != InstanceLimits::default()
    }

    /// Moves the clock if time has passed. Returns when to do so again.
    pub(crate) fn tick(&self) -> Option<Duration> {
        let mut state = self.state();
        let interval = state.interval()?;
        let now = Instant::now();
        if let Some((last, _)) = state.ticks.back()
            && now < *last + interval
        {
            return Some(*last + interval - now);
        }
        state.ticks.push_back((now, step()));
        // One that is old enough is kept.
        let idle_for = state.limits.idle_for?;
        while state
            .ticks
            .get(1)
            .is_some_and(|(at, _)| *at + idle_for <= now)
        {
            state.ticks.pop_front();
        }
        Some(interval)
    }

    /// How many candidates there are, outdated ones among them.
    pub(crate) fn len(&self) -> usize {
        self.state().candidates.len()
    }

    /// Forgets the candidates that are no instances any more, if there are many. Nobody waits meanwhile.
    pub(crate) fn forget_outdated(&self, count: usize, is_there: impl Fn(&K) -> bool)
    where
        K: Clone,
    {
        let mut state = self.state();
        if !state.has_many_outdated(count) {
            return;
        }
        let candidates = std::mem::take(&mut state.candidates);
        drop(state);
        let mut known = HashSet::new();
        let kept = candidates.into_iter().filter(|Reverse(candidate)| {
            is_there(&candidate.key) && known.insert(candidate.key.clone())
        });
        let mut kept: BinaryHeap<_> = kept.collect();
        self.state().candidates.append(&mut kept);
    }

    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K> Drop for Usage<K> {
    fn drop(&mut self) {
        self.wake.wake();
    }
}

impl<K> State<K> {
    /// How often the clock is moved: often enough for an instance to stay a sixteenth longer at most.
    fn interval(&self) -> Option<Duration> {
        let interval = self.limits.idle_for? / 16;
        Some(interval.clamp(Duration::from_millis(1), Duration::from_secs(60)))
    }

    /// What was last used before the clock stood there is idle.
    fn idle_since(&self) -> Option<u64> {
        let before = Instant::now().checked_sub(self.limits.idle_for?)?;
        let passed = self.ticks.iter().rev().find(|(at, _)| *at <= before);
        passed.map(|(_, clock)| *clock)
    }

    /// Instances that are removed otherwise leave their candidates.
    fn has_many_outdated(&self, count: usize) -> bool {
        self.candidates.len() > 2 * count + 64
    }
}

impl Wake {
    pub(crate) fn wake(&self) {
        *self.is_due.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.due.notify_one();
    }

    /// Waits until something is due, or for so long.
    pub(crate) fn wait(&self, at_most: Option<Duration>) {
        let is_due = self.is_due.lock().unwrap_or_else(PoisonError::into_inner);
        let mut is_due = match at_most {
            Some(time) => {
                let woken = self.due.wait_timeout_while(is_due, time, |is_due| !*is_due);
                woken.unwrap_or_else(PoisonError::into_inner).0
            }
            None => {
                let woken = self.due.wait_while(is_due, |is_due| !*is_due);
                woken.unwrap_or_else(PoisonError::into_inner)
            }
        };
        *is_due = false;
    }
}

impl<K> Ord for Candidate<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.used.cmp(&other.used)
    }
}

impl<K> PartialOrd for Candidate<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> PartialEq for Candidate<K> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<K> Eq for Candidate<K> {}
