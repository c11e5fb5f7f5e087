//! What ends waits at their deadlines.
//!
//! A timer for each wait costs more than the wait itself when many take turns at a lock, and almost none ever rings. So a
//! lock has one alarm at most, for the earliest deadline in its line at the time when it was set, or sooner if the clock is to
//! be read for those whose wait is counted from then; when it rings, those whose time has come are told, and it is set again if
//! others are left. One thread, started with the first alarm, keeps the time
//! for all locks of the process, so that waits need no runtime, and those of one runtime do not depend on another.

use crate::lock::Lock;
use std::collections::BTreeMap;
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Instant;

static CLOCK: LazyLock<&'static Clock> = LazyLock::new(Clock::start);

#[derive(Default)]
struct Clock {
    alarms: Mutex<BTreeMap<Alarm, Weak<Lock>>>,
    earlier: Condvar,
}

/// When it rings, and a number to tell it from others.
pub(crate) type Alarm = (Instant, u64);

/// Rings at a lock.
pub(crate) fn set(alarm: Alarm, lock: Weak<Lock>) {
    let mut alarms = CLOCK.alarms();
    let is_first = alarms
        .first_key_value()
        .is_none_or(|(first, _)| alarm < *first);
    alarms.insert(alarm, lock);
    drop(alarms);
    if is_first {
        CLOCK.earlier.notify_one();
    }
}

/// Takes back an alarm of a lock that has another one now, or is gone.
pub(crate) fn take_back(alarm: Alarm) {
    let lock = CLOCK.alarms().remove(&alarm);
    drop(lock);
}

impl Clock {
    fn start() -> &'static Self {
        let clock: &'static Self = Box::leak(Box::default());
        let thread = thread::Builder::new().name("kr-deadlines".to_owned());
        thread
            .spawn(move || clock.keep())
            .expect("a thread for the deadlines of locks");
        clock
    }

    fn keep(&self) {
        let mut alarms = self.alarms();
        loop {
            let now = Instant::now();
            let first = alarms.first_key_value().map(|((at, _), _)| *at);
            alarms = match first {
                None => {
                    let woken = self.earlier.wait(alarms);
                    woken.unwrap_or_else(PoisonError::into_inner)
                }
                Some(at) if at > now => {
                    let woken = self.earlier.wait_timeout(alarms, at - now);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                Some(_) => {
                    let due = alarms.pop_first();
                    drop(alarms);
                    if let Some((alarm, lock)) = due
                        && let Some(lock) = lock.upgrade()
                    {
                        lock.ring(alarm, now);
                    }
                    self.alarms()
                }
            };
        }
    }

    fn alarms(&self) -> MutexGuard<'_, BTreeMap<Alarm, Weak<Lock>>> {
        self.alarms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
