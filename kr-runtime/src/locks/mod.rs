//! Named locks: exclusive, first come first served, with a deadline on every wait.

pub(crate) mod alarm;
pub(crate) mod blocking;
mod deadline;
mod error;
mod guard;
mod key;
mod line;
mod order;
mod owner;
mod place;
mod pool;
mod registry;
mod status;
mod template;
mod turn;

pub(crate) use deadline::Deadline;
pub use error::LockError;
pub use guard::LockGuard;
pub(crate) use guard::{Guards, Held, Holder};
pub(crate) use key::Key;
pub(crate) use owner::Owner;
pub use owner::spawn;
pub(crate) use place::Place;
pub(crate) use pool::{Entered, Pool};
pub use registry::Locks;
pub use status::{HolderStatus, LockStatus, Totals};
pub use template::KeyText;
pub(crate) use template::Template;

use crate::group::Cut;
use crate::sync::{Mutex, MutexGuard, alarm as clock};
use alarm::Alarm;
pub(crate) use line::Ticket;
use line::{Line, Looked};
use order::Order;
use registry::{Table, unique};
use std::ops::Deref;
use std::sync::{Arc, PoisonError, Weak};
use std::task::Waker;
use std::time::{Duration, Instant};
use turn::{Expired, Turn};

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
    order: Order,
}

/// What is inside of a lock.
#[derive(Default)]
pub(crate) struct Inside {
    line: Line,
    /// Rings when the first in line may have waited for long enough.
    alarm: Option<Alarm>,
    pub(crate) cut: Cut,
}

/// What comes of asking for a lock.
pub(crate) enum Seen<T> {
    /// It is held now; what was seen in it.
    Held(T),
    Waits(Ticket),
}

/// Who asks for a lock, and what for.
#[derive(Clone, Copy)]
pub(crate) struct Asker {
    pub(crate) place: Place,
    /// Who will hold it, if that is known already.
    pub(crate) owner: Option<Owner>,
    /// Whether it will be held across a pause, so that it matters since when.
    pub(crate) lasts: bool,
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
        look: impl Fn(&Cut) -> T,
    ) -> Result<Seen<T>, LockError> {
        order::check_one(self, asker)?;
        let mut inside = self.inside();
        if inside.line.take(asker.holder()) {
            return Ok(Seen::Held(look(&inside.cut)));
        }
        drop(inside);
        match self.ask(asker, &mut Deadline::within(wait))? {
            Some(turn) => self.look_again(turn.into_ticket(), waker, wait, look),
            None => Ok(Seen::Held(look(&self.inside().cut))),
        }
    }

    /// Looks whether the turn of somebody in line has come, and then at what the lock guards.
    pub(crate) fn look_again<T>(
        &self,
        ticket: Ticket,
        waker: &Waker,
        wait: Duration,
        look: impl Fn(&Cut) -> T,
    ) -> Result<Seen<T>, LockError> {
        let mut inside = self.inside();
        let (looked, _replaced) = inside.line.poll(ticket, waker);
        let seen = match looked {
            Looked::Served => Seen::Held(look(&inside.cut)),
            Looked::Waiting => Seen::Waits(ticket),
            Looked::Expired => {
                drop(inside);
                return Err(self.timed_out(&Deadline::within(wait)));
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
    fn take(&self, asker: Asker) -> bool {
        self.inside().line.take(asker.holder())
    }

    /// Gets in line for a lock that was taken a moment ago, unless waiting would be in vain. `None` if it was free by then,
    /// or soon after.
    fn ask(&self, asker: Asker, deadline: &mut Deadline) -> Result<Option<Turn<'_>>, LockError> {
        let holder = asker.holder();
        // The clock is read only where it is needed, and not inside.
        let until = deadline.at();
        let mut inside = self.inside();
        if inside.line.take(holder) {
            return Ok(None);
        }
        self.refuse_reentry(&inside.line, asker.place)?;
        if !deadline.may_wait() {
            drop(inside);
            return Err(self.timed_out(deadline));
        }
        // A holder that makes no pause is about to release the lock, and the next in line is next.
        let is_soon = inside.line.is_passing() && inside.line.len() == 0;
        let entered = inside.line.enter(holder, until, deadline.max_waiters());
        let ticket = entered.map_err(|waiting| LockError::Crowded {
            lock: self.key.as_str().to_owned(),
            waiting,
        })?;
        let change = inside.alarm_until(until);
        drop(inside);
        let mut turn = Turn::new(self, ticket);
        self.set(change);
        Ok((!(is_soon && turn.comes_soon())).then_some(turn))
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
        let expired = inside.line.expire(now);
        let next = inside.line.earliest();
        let change = inside.alarm_until(next);
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
        }
    }

    /// Who waits for a lock that they hold would wait for ever.
    fn refuse_reentry(&self, line: &Line, place: Place) -> Result<(), LockError> {
        match line.holder() {
            Some(holder) if holder.owner == Some(Owner::current()) => Err(LockError::Reentrant {
                lock: self.key.as_str().to_owned(),
                held_at: holder.place.to_string(),
                asked_at: place.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// The wait has ended without the lock.
    fn timed_out(&self, deadline: &Deadline) -> LockError {
        let line = &mut self.inside().line;
        line.totals.timed_out += 1;
        LockError::TimedOut {
            lock: self.key.as_str().to_owned(),
            waited: deadline.wait(),
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
    fn held_for(&self) -> Duration {
        let line = &mut self.inside().line;
        line.holder_mut().map_or(Duration::ZERO, Holder::seen_for)
    }

    /// What is inside, for a few instructions.
    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes the lock on, after a last change of what it guards.
    fn release<T>(&self, last: impl FnOnce(&mut Cut) -> T) -> T {
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

impl Asker {
    /// The current task, which makes a change and goes, without a pause.
    pub(crate) fn passing(place: Place) -> Self {
        Self {
            place,
            owner: Some(Owner::current()),
            lasts: false,
        }
    }

    /// Somebody who keeps the lock while other things happen.
    pub(crate) fn lasting(place: Place, owner: Option<Owner>) -> Self {
        Self {
            place,
            owner,
            lasts: true,
        }
    }

    fn holder(&self) -> Holder {
        Holder {
            place: self.place,
            is_passing: !self.lasts,
            owner: self.owner,
            since: self.lasts.then(Instant::now),
        }
    }
}

/// An alarm to set, in the place of another one.
struct AlarmChange {
    to: Alarm,
    from: Option<Alarm>,
}

impl Inside {
    /// Has an alarm for that time, unless there is one that rings as early.
    fn alarm_until(&mut self, until: Option<Instant>) -> Option<AlarmChange> {
        let at = until?;
        if self.alarm.is_some_and(|(known, _)| known <= at) {
            return None;
        }
        let to = (at, unique());
        let from = self.alarm.replace(to);
        Some(AlarmChange { to, from })
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
            turn.await.map_err(|Expired| lock.timed_out(deadline))?;
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
