//! What happened in each of the last seconds.

use super::service::Service;
use crate::http::Outcome;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many seconds are kept.
pub(super) const SECONDS: usize = 300;

/// What happened in one second, or until now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tick {
    /// Responses.
    pub(crate) requests: u64,
    /// Requests that committed a change.
    pub(crate) commits: u64,
    /// Requests whose changes were dropped.
    pub(crate) roll_backs: u64,
    /// Microseconds that requests waited for locks, together.
    pub(crate) wait_microseconds: u64,
    /// Responses with status 503.
    pub(crate) unavailable: u64,
}

/// The last seconds, kept whether anybody watches or not, so that a chart has a past.
#[derive(Default)]
pub(crate) struct Ticks(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    total: Tick,
    seconds: VecDeque<Tick>,
}

impl Tick {
    /// Everything so far.
    fn total(service: &Service) -> Self {
        let mut total = Self::default();
        for route in &service.routes {
            for (status, durations) in route.responses() {
                let count = durations.count();
                total.requests += count;
                if status == 503 {
                    total.unavailable += count;
                }
            }
            total.wait_microseconds += route.wait().sum / 1_000;
            for (outcome, count) in route.outcomes() {
                match outcome {
                    Outcome::Committed => total.commits += count,
                    Outcome::RolledBack
                    | Outcome::Panicked
                    | Outcome::HoldTimedOut
                    | Outcome::NotKept => total.roll_backs += count,
                    _ => {}
                }
            }
        }
        total
    }

    fn since(self, before: Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(before.requests),
            commits: self.commits.saturating_sub(before.commits),
            roll_backs: self.roll_backs.saturating_sub(before.roll_backs),
            wait_microseconds: self
                .wait_microseconds
                .saturating_sub(before.wait_microseconds),
            unavailable: self.unavailable.saturating_sub(before.unavailable),
        }
    }
}

impl Ticks {
    /// A second has passed.
    pub(crate) fn tick(&self, service: &Service) {
        let total = Tick::total(service);
        let mut kept = self.kept();
        let second = total.since(kept.total);
        kept.total = total;
        if kept.seconds.len() == SECONDS {
            kept.seconds.pop_front();
        }
        kept.seconds.push_back(second);
    }

    /// Everything until the last second.
    pub(crate) fn total(&self) -> Tick {
        self.kept().total
    }

    /// The last seconds, the newest last.
    pub(crate) fn seconds(&self) -> Vec<Tick> {
        self.kept().seconds.iter().copied().collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
