//! A request for a lock, and what it becomes once the lock is granted.

use super::{CallSite, Task};
use std::num::NonZeroU64;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// A request for a lock.
#[derive(Clone, Copy)]
pub(crate) struct LockRequest {
    pub(crate) call_site: CallSite,
    /// The task that will hold the lock, if that is known already.
    pub(crate) task: Option<Task>,
    /// Whether the lock may be held across an `await`, so that the time of the grant matters.
    pub(crate) is_long: bool,
}

/// The holder of a lock.
#[derive(Clone, Copy)]
pub(crate) struct Holder {
    pub(crate) call_site: CallSite,
    /// When the lock was acquired. Short holds do not read the clock, which costs as much as the lock itself; for them it
    /// is when somebody first asked.
    pub(super) since: Option<Moment>,
    /// The task that would wait for itself if it asked again. `None` while a request still waits for its other locks, or
    /// has not moved to the task that runs its handler: until then no code of the handler has run.
    pub(crate) task: Option<Task>,
}

impl LockRequest {
    /// For the current task, which changes a value and releases the lock without an `await` in between.
    #[inline]
    pub(crate) fn short(call_site: CallSite) -> Self {
        Self {
            call_site,
            task: Some(Task::current()),
            is_long: false,
        }
    }

    /// For a task that holds the lock while other things happen.
    pub(crate) fn long(call_site: CallSite, task: Option<Task>) -> Self {
        Self {
            call_site,
            task,
            is_long: true,
        }
    }

    /// The task that is about to wait.
    pub(super) fn waiting_task(&self) -> Task {
        match self.task {
            // A short request has looked it up a moment ago.
            Some(task) if !self.is_long => task,
            _ => Task::current(),
        }
    }

    #[inline]
    pub(super) fn holder(&self) -> Holder {
        Holder {
            call_site: self.call_site,
            task: self.task,
            since: self.is_long.then(Moment::now),
        }
    }
}

impl Holder {
    /// How long the lock has been held, counted from now if nobody has asked before.
    pub(super) fn hold_time(&mut self) -> Duration {
        self.since.get_or_insert_with(Moment::now).elapsed()
    }
}

/// A moment in half the space of an [`Instant`], which counts where there are a million locks.
#[derive(Clone, Copy)]
pub(super) struct Moment(NonZeroU64);

impl Moment {
    fn now() -> Self {
        Self(NonZeroU64::MIN.saturating_add(nanos()))
    }

    fn elapsed(self) -> Duration {
        Duration::from_nanos(nanos().saturating_sub(self.0.get() - 1))
    }
}

/// The time since this was first asked, which does not overflow for centuries.
fn nanos() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(START.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
