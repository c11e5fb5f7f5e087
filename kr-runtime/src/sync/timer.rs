//! Timers for the deadlines of waits.
//!
//! A timer for each wait would cost more than the wait itself when many tasks take turns at a lock, and almost none ever
//! fires. So each lock has at most one timer. It fires at the earliest deadline in the queue, and at least every 500 ms
//! while a request waits with a coarse deadline; the lock then times out the waiters whose time is over and starts the
//! next timer if others remain. One thread, started with the first timer, serves all locks of the process, so that waits
//! need no runtime, and those of one runtime do not depend on another.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Instant;

/// When a timer fires, and a number that tells it from others.
pub(crate) type TimerId = (Instant, u64);

/// Something that can have a timer.
pub(crate) trait Timed: Send + Sync {
    /// The timer has fired.
    fn fire(self: Arc<Self>, timer: TimerId, now: Instant);
}

static CLOCK: LazyLock<&'static Clock> = LazyLock::new(Clock::start);

#[derive(Default)]
struct Clock {
    timers: Mutex<BTreeMap<TimerId, Weak<dyn Timed>>>,
    earlier: Condvar,
}

/// Starts a timer.
pub(crate) fn start(timer: TimerId, target: Weak<dyn Timed>) {
    let mut timers = CLOCK.timers();
    let is_first = timers
        .first_key_value()
        .is_none_or(|(first, _)| timer < *first);
    timers.insert(timer, target);
    drop(timers);
    if is_first {
        CLOCK.earlier.notify_one();
    }
}

/// Cancels a timer, unless it has fired.
pub(crate) fn cancel(timer: TimerId) {
    let target = CLOCK.timers().remove(&timer);
    drop(target);
}

impl Clock {
    fn start() -> &'static Self {
        let clock: &'static Self = Box::leak(Box::default());
        let thread = thread::Builder::new().name("kr-deadlines".to_owned());
        thread
            .spawn(move || clock.run())
            .expect("a thread for the deadlines of locks");
        clock
    }

    fn run(&self) {
        let mut timers = self.timers();
        loop {
            let now = Instant::now();
            let first = timers.first_key_value().map(|((at, _), _)| *at);
            timers = match first {
                None => {
                    let woken = self.earlier.wait(timers);
                    woken.unwrap_or_else(PoisonError::into_inner)
                }
                Some(at) if at > now => {
                    let woken = self.earlier.wait_timeout(timers, at - now);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                Some(_) => {
                    let due = timers.pop_first();
                    drop(timers);
                    if let Some((timer, target)) = due
                        && let Some(target) = target.upgrade()
                    {
                        target.fire(timer, now);
                    }
                    self.timers()
                }
            };
        }
    }

    fn timers(&self) -> MutexGuard<'_, BTreeMap<TimerId, Weak<dyn Timed>>> {
        self.timers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
