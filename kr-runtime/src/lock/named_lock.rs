//! A lock by name: who holds it, who waits for it, and how it changes hands.

use super::entry::AlarmChange;
use super::lock_order::{self as order, Order};
use super::queue::{Ends, Line, Looked};
use super::table::Table;
use super::waiter::{Expired, Turn};
use super::{Asker, Deadline, Guards, Held, Holder, Inside, Key, LockError, LockStatus, Ticket};
use crate::store::lock_group::Cut;
use crate::sync::timer::{self as clock, Alarm};
use crate::sync::{Mutex, MutexGuard};
use std::ops::Deref;
use std::sync::{Arc, PoisonError, Weak};
use std::task::Waker;
use std::time::{Duration, Instant};

/// How long a request waits for its locks unless somebody says otherwise.
pub(crate) const DEFAULT_WAIT: Duration = Duration::from_secs(30);

/// One lock, and the committed values of the states that it guards.
pub(crate) struct Lock {
    me: Weak<Self>,
    key: Key,
    /// One mutex for both, since whoever takes the lock then looks at the values, and whoever publishes them releases it. It
    /// is held for a few instructions, never while anybody waits, or a value is copied or dropped.
    inside: Mutex<Inside>,
    table: Weak<Table>,
    #[cfg_attr(not(debug_assertions), allow(dead_code))]
    pub(super) order: Order,
}

/// What comes of asking for a lock.
pub(crate) enum Seen<T> {
    /// It is held now; what was seen in it.
    Held(T),
    Waits(Ticket),
}

impl Lock {
    pub(crate) fn new(key: Key, table: Weak<Table>) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            order: Order::new(&key, &table),
            key,
            inside: Mutex::default(),
            table,
        })
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// Takes the lock if it is free, and looks at what it guards; otherwise gets in line, unless waiting would be in vain.
    pub(crate) fn take_or_wait<T>(
        &self,
        asker: Asker,
        waker: &Waker,
        wait: Duration,
        look: impl FnOnce(&Cut) -> T,
    ) -> Result<Seen<T>, LockError> {
        order::check_one(self, asker)?;
        let holder = asker.holder();
        let mut inside = self.inside();
        if inside.line.take(holder) {
            return Ok(Seen::Held(look(&inside.cut)));
        }
        self.refuse_reentry(&inside.line, asker)?;
        let (ticket, change) = inside.wait_about(holder, wait, waker.clone());
        drop(inside);
        self.set(change);
        Ok(Seen::Waits(ticket))
    }

    /// Looks whether the turn of somebody in line has come, and then at what the lock guards.
    pub(crate) fn look_again<T>(
        &self,
        ticket: Ticket,
        waker: &Waker,
        wait: Duration,
        look: impl FnOnce(&Cut) -> T,
    ) -> Result<Seen<T>, LockError> {
        let mut inside = self.inside();
        let (looked, _replaced) = inside.line.poll(ticket, waker);
        let seen = match looked {
            Looked::Served => Seen::Held(look(&inside.cut)),
            Looked::Waiting => Seen::Waits(ticket),
            Looked::Expired => {
                drop(inside);
                return Err(self.timed_out(wait));
            }
        };
        drop(inside);
        Ok(seen)
    }

    /// Gives a place in line up, or the lock, if it has been passed on to it.
    pub(crate) fn leave(&self, ticket: Ticket) {
        // What wakers do, woken or dropped, is not to happen inside.
        let left = self.inside().line.leave(ticket);
        if let Some(next) = left.next {
            next.wake();
        }
    }

    /// Takes the lock if it is free.
    pub(super) fn take(&self, asker: Asker) -> bool {
        self.inside().line.take(asker.holder())
    }

    /// Gets in line for a lock that was taken a moment ago, unless waiting would be in vain. `None` if it was free by then.
    pub(super) fn ask(
        &self,
        asker: Asker,
        deadline: &mut Deadline,
    ) -> Result<Option<Turn<'_>>, LockError> {
        let holder = asker.holder();
        // The clock is read only where it is needed, and not inside.
        let until = deadline.at();
        let mut inside = self.inside();
        if inside.line.take(holder) {
            return Ok(None);
        }
        self.refuse_reentry(&inside.line, asker)?;
        if !deadline.may_wait() {
            drop(inside);
            return Err(self.timed_out(deadline.wait()));
        }
        let waiting = inside.line.len();
        if waiting >= deadline.max_waiters() {
            inside.line.totals.turned_away += 1;
            drop(inside);
            let lock = self.key.as_str().to_owned();
            return Err(LockError::Crowded { lock, waiting });
        }
        let ends = until.map_or(Ends::Never, Ends::At);
        let ticket = inside.line.enter(holder, ends, None);
        let change = until.and_then(|until| inside.alarm_at(until));
        drop(inside);
        self.set(change);
        Ok(Some(Turn::new(self, ticket)))
    }

    /// An alarm of this lock has rung: those who have waited for long enough are told. By then nothing is left of the ringing:
    /// they find the lock as it is without it.
    pub(crate) fn ring(self: Arc<Self>, alarm: Alarm, now: Instant) {
        let mut inside = self.inside();
        // It may have been taken back a moment too late.
        if inside.alarm != Some(alarm) {
            return;
        }
        inside.alarm = None;
        inside.is_reading = false;
        let expired = inside.line.expire(now);
        let next = inside.line.earliest();
        let change = next.and_then(|next| inside.alarm_at(next));
        drop(inside);
        self.set(change);
        drop(self);
        expired.into_iter().flatten().for_each(Waker::wake);
    }

    fn set(&self, change: Option<AlarmChange>) {
        if let Some(AlarmChange { to, from }) = change {
            if let Some(from) = from {
                clock::take_back(from);
            }
            clock::set(to, Weak::clone(&self.me));
            // It may have been replaced before it was there to be taken back.
            if self.inside().alarm != Some(to) {
                clock::take_back(to);
            }
        }
    }

    /// Who waits for a lock that they hold would wait for ever.
    fn refuse_reentry(&self, line: &Line, asker: Asker) -> Result<(), LockError> {
        match line.holder() {
            Some(holder) if holder.owner == Some(asker.asks()) => Err(LockError::Reentrant {
                lock: self.key.as_str().to_owned(),
                held_at: holder.place.to_string(),
                asked_at: asker.place.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// The wait has ended without the lock.
    pub(super) fn timed_out(&self, waited: Duration) -> LockError {
        let line = &mut self.inside().line;
        line.totals.timed_out += 1;
        LockError::TimedOut {
            lock: self.key.as_str().to_owned(),
            waited,
            holder: line
                .holder_mut()
                .map(|holder| (holder.place.to_string(), holder.seen_for())),
        }
    }

    /// Who holds it, and for how long already.
    pub(crate) fn holder(&self) -> Option<(String, Duration)> {
        let line = &mut self.inside().line;
        let holder = line.holder_mut()?;
        Some((holder.place.to_string(), holder.seen_for()))
    }

    /// What is known of the lock now.
    pub(crate) fn status(&self) -> LockStatus {
        let mut inside = self.inside();
        let line = &mut inside.line;
        let holder = line
            .holder_mut()
            .map(|holder| (holder.place, holder.seen_for()));
        let (waiting, totals) = (line.len(), line.totals);
        drop(inside);
        LockStatus::new(&self.key, holder, waiting, totals)
    }

    /// Since when it is held, as far as that is known; from now on it is.
    pub(super) fn held_for(&self) -> Duration {
        let line = &mut self.inside().line;
        line.holder_mut().map_or(Duration::ZERO, Holder::seen_for)
    }

    /// What is inside, for a few instructions.
    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes the lock on, after a last change of what it guards.
    pub(super) fn release<T>(&self, last: impl FnOnce(&mut Cut) -> T) -> T {
        let mut inside = self.inside();
        let result = last(&mut inside.cut);
        let next = inside.line.release();
        drop(inside);
        if let Some(next) = next {
            next.wake();
        }
        result
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(alarm) = self.inside().alarm {
            clock::take_back(alarm);
        }
        if let Some(table) = self.table.upgrade() {
            table.forget(&self.key);
        }
    }
}

/// Takes a lock, waiting in line until the deadline. Dropping the future gives the place in line up.
pub(crate) async fn acquire<L: Deref<Target = Lock>>(
    lock: L,
    asker: Asker,
    deadline: &mut Deadline,
) -> Result<Held<L>, LockError> {
    if deadline.may_wait() {
        order::check_one(&lock, asker)?;
    }
    if !lock.take(asker) {
        if let Some(turn) = lock.ask(asker, deadline)? {
            turn.await
                .map_err(|Expired| lock.timed_out(deadline.wait()))?;
        }
        if asker.lasts {
            lock.held_for();
        }
    }
    Ok(Held::new(lock, asker))
}

/// Takes all locks of a request. They come sorted by key and without repeats, the one global order that makes a deadlock
/// impossible; `deadline` is for all of them together.
pub(crate) async fn acquire_all<L: Deref<Target = Lock> + Clone>(
    locks: &[L],
    asker: Asker,
    deadline: &mut Deadline,
) -> Result<Guards<L>, LockError> {
    if locks.len() > 1 {
        order::check(locks, asker.place)?;
    }
    let mut guards = Guards::new();
    for lock in locks {
        guards.push(acquire(lock.clone(), asker, deadline).await?);
    }
    Ok(guards)
}
