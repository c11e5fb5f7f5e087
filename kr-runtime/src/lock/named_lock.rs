//! A lock: its name, its queue, and the value that it guards.

use super::entry::TimerChange;
use super::lock_order::{self, LockName, Order, OrderedLock};
use super::queue::{Expiry, LockTimer, Queue, WaitState};
use super::{
    Entry, Holder, Key, LockError, LockRequest, LockStatus, WaitLimits, WaitPolicy, WaiterId,
};
use crate::sync::timer::{self, Timed, TimerId};
use crate::sync::{Mutex, MutexGuard};
use std::cmp::Ordering;
use std::ops::Deref;
#[cfg(feature = "operations")]
use std::sync::TryLockError;
use std::sync::{Arc, PoisonError, Weak};
use std::task::Waker;
use std::time::{Duration, Instant};

/// A lock, and the value of type `V` that it guards.
///
/// It is a part of something that knows its name. There may be millions of locks, and of most of them nobody asks for it.
pub(crate) struct Lock<V> {
    owner: Weak<dyn LockOwner>,
    /// One mutex for the queue and the value: taking the lock looks at the value, and a commit releases the lock. It is
    /// held for a few instructions, never while anybody waits, or while a value is copied or dropped.
    entry: Mutex<Entry<V>>,
    #[cfg_attr(not(debug_assertions), allow(dead_code))]
    order: Order,
}

/// What a lock is a part of. It is there for as long as anybody uses the lock.
pub(crate) trait LockOwner: Timed {
    /// The lock's name.
    fn lock_key(&self) -> Key;

    /// The limits on waiting for the lock.
    fn lock_limits(&self) -> WaitLimits;
}

/// A lock with its name, which a table knows.
pub(crate) struct NamedLock<V> {
    key: Key,
    registry: Weak<dyn Registry>,
    lock: Lock<V>,
}

/// Where a lock is registered under its name.
pub(crate) trait Registry: Send + Sync {
    /// Removes the entry of a lock that is gone, unless another lock has taken the name meanwhile.
    fn remove(&self, key: &Key);

    /// The limits on waiting for its locks.
    fn limits(&self) -> WaitLimits;
}

/// The result of asking for a lock.
pub(crate) enum Acquisition<T> {
    /// The lock is held now; what was seen under its mutex.
    Held(T),
    Waits(WaiterId),
}

impl<V: Default + Send + 'static> NamedLock<V> {
    /// A lock that `registry`, with that id, knows by its name.
    pub(super) fn new(key: Key, registry: Weak<dyn Registry>, id: u64) -> Arc<Self> {
        Arc::new_cyclic(|me| {
            let me: Weak<Self> = Weak::clone(me);
            Self {
                lock: Lock::part_of(me, || key.clone(), id),
                key,
                registry,
            }
        })
    }
}

impl<V: Default> Lock<V> {
    /// A lock that is a part of `owner`, and in the order of locks has that name of the registry with that id.
    pub(crate) fn part_of(owner: Weak<dyn LockOwner>, key: impl FnOnce() -> Key, id: u64) -> Self {
        Self {
            owner,
            entry: Mutex::default(),
            order: Order::of_name(key, id),
        }
    }
}

impl<V> Lock<V> {
    /// Its name, which may have to be made.
    pub(crate) fn key(&self) -> Key {
        let owner = self.owner.upgrade();
        owner.map(|owner| owner.lock_key()).unwrap_or_default()
    }

    /// The order in which locks are taken: that of their names.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        match std::ptr::eq(self, other) {
            true => Ordering::Equal,
            false => self.key().cmp(&other.key()),
        }
    }

    /// The limits on waiting for it. A lock that has outlived its owner has the usual ones.
    pub(crate) fn limits(&self) -> WaitLimits {
        let owner = self.owner.upgrade();
        owner.map(|owner| owner.lock_limits()).unwrap_or_default()
    }

    /// Which lock this is, for the check of the lock order.
    pub(super) fn order(&self) -> OrderedLock<'_> {
        (&self.order, self)
    }

    /// When a wait for something under this lock ends.
    pub(crate) fn deadline(&self, policy: &mut WaitPolicy) -> Option<Instant> {
        policy.resolve(self.limits());
        policy.deadline()
    }

    /// Whether a wait for something under this lock has ended.
    pub(crate) fn is_past(&self, policy: &mut WaitPolicy) -> bool {
        self.deadline(policy)
            .is_some_and(|deadline| deadline <= Instant::now())
    }

    /// Cancels a wait; if the lock was granted to it meanwhile, passes the lock on.
    pub(crate) fn cancel_wait(&self, id: WaiterId) {
        // Waking and dropping wakers runs foreign code, so it happens outside the mutex.
        let removed = self.entry().queue.remove(id);
        if let Some(next) = removed.next {
            next.wake();
        }
    }

    /// Whether anybody holds the lock.
    #[allow(dead_code, reason = "not every build has a store that asks")]
    pub(crate) fn is_held(&self) -> bool {
        self.entry().queue.holder().is_some()
    }

    /// Takes the lock if it is free.
    pub(super) fn try_acquire(&self, request: LockRequest) -> bool {
        self.entry().queue.try_acquire(request.holder())
    }

    /// A wait cannot end if the waiting task holds the lock itself.
    fn reject_reentry(&self, queue: &Queue, request: LockRequest) -> Result<(), LockError> {
        match queue.holder() {
            Some(holder) if holder.task == Some(request.waiting_task()) => {
                Err(LockError::Reentrant {
                    lock: self.key().as_str().to_owned(),
                    held_at: holder.call_site.to_string(),
                    requested_at: request.call_site.to_string(),
                })
            }
            _ => Ok(()),
        }
    }

    /// Counts a wait that ended without the lock, and says why.
    pub(super) fn timed_out(&self, waited: Duration) -> LockError {
        let queue = &mut self.entry().queue;
        queue.count_timed_out();
        LockError::TimedOut {
            lock: self.key().as_str().to_owned(),
            waited,
            holder: queue
                .holder_mut()
                .map(|holder| (holder.call_site.to_string(), holder.hold_time())),
        }
    }

    /// The call site of the holder, and how long it has held the lock.
    pub(crate) fn holder(&self) -> Option<(String, Duration)> {
        let queue = &mut self.entry().queue;
        let holder = queue.holder_mut()?;
        Some((holder.call_site.to_string(), holder.hold_time()))
    }

    pub(crate) fn status(&self) -> LockStatus {
        let mut entry = self.entry();
        let queue = &mut entry.queue;
        let holder = queue
            .holder_mut()
            .map(|holder| (holder.call_site, holder.hold_time()));
        let (waiting, counters) = (queue.len(), queue.counters());
        drop(entry);
        LockStatus::new(&self.key(), holder, waiting, counters)
    }

    /// How long the lock has been held, counted from now if nobody has asked before.
    pub(super) fn hold_time(&self) -> Duration {
        let queue = &mut self.entry().queue;
        queue.holder_mut().map_or(Duration::ZERO, Holder::hold_time)
    }

    /// What the mutex protects, for a few instructions.
    pub(crate) fn entry(&self) -> MutexGuard<'_, Entry<V>> {
        self.entry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`entry`](Self::entry), unless somebody has it.
    #[cfg(feature = "operations")]
    pub(crate) fn try_entry(&self) -> Option<MutexGuard<'_, Entry<V>>> {
        match self.entry.try_lock() {
            Ok(entry) => Some(entry),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Changes the value and passes the lock on, in one step.
    #[inline]
    pub(super) fn release<T>(&self, last: impl FnOnce(&mut V) -> T) -> T {
        let mut entry = self.entry();
        let result = last(&mut entry.value);
        let next = entry.queue.release();
        drop(entry);
        if let Some(next) = next {
            next.wake();
        }
        result
    }
}

impl<V: Send + 'static> Lock<V> {
    /// Takes the lock if it is free and looks at its value; otherwise joins the queue, within the limits of the lock.
    #[inline]
    pub(crate) fn acquire_or_enqueue<T>(
        &self,
        request: LockRequest,
        waker: &Waker,
        look: impl FnOnce(&V) -> T,
    ) -> Result<Acquisition<T>, LockError> {
        lock_order::check_one(self.order(), request)?;
        let mut entry = self.entry();
        if entry.queue.try_acquire(request.holder()) {
            return Ok(Acquisition::Held(look(&entry.value)));
        }
        let id = self.enqueue_coarse(entry, request, waker)?;
        Ok(Acquisition::Waits(id))
    }

    /// Joins the queue, whose mutex is locked.
    fn enqueue_coarse(
        &self,
        mut entry: MutexGuard<'_, Entry<V>>,
        request: LockRequest,
        waker: &Waker,
    ) -> Result<WaiterId, LockError> {
        self.reject_reentry(&entry.queue, request)?;
        let limits = self.limits();
        if entry.queue.len() >= limits.max_waiters {
            return Err(self.queue_full(entry));
        }
        let waker = waker.clone();
        let (id, change) = entry.enqueue_coarse(request.holder(), limits.timeout, waker);
        drop(entry);
        self.change_timer(change);
        Ok(id)
    }

    /// Whether the lock has been granted to a waiter, and if so what its value is.
    pub(crate) fn poll_wait<T>(
        &self,
        id: WaiterId,
        waker: &Waker,
        look: impl FnOnce(&V) -> T,
    ) -> Result<Acquisition<T>, LockError> {
        let mut entry = self.entry();
        let (state, _replaced) = entry.queue.poll(id, waker);
        let acquisition = match state {
            WaitState::Granted => Acquisition::Held(look(&entry.value)),
            WaitState::Waiting => Acquisition::Waits(id),
            WaitState::TimedOut => {
                drop(entry);
                return Err(self.timed_out(self.limits().timeout));
            }
        };
        drop(entry);
        Ok(acquisition)
    }

    /// Joins the queue of a lock that was taken a moment ago. `None` if it was free by then, and is held now.
    pub(super) fn enqueue(
        &self,
        request: LockRequest,
        policy: &mut WaitPolicy,
    ) -> Result<Option<WaiterId>, LockError> {
        let holder = request.holder();
        policy.resolve(self.limits());
        // Read the clock outside the mutex, and only here.
        let deadline = policy.deadline();
        let mut entry = self.entry();
        if entry.queue.try_acquire(holder) {
            return Ok(None);
        }
        self.reject_reentry(&entry.queue, request)?;
        if !policy.may_wait() {
            drop(entry);
            return Err(self.timed_out(policy.timeout()));
        }
        if policy.is_full(entry.queue.len()) {
            return Err(self.queue_full(entry));
        }
        let expiry = deadline.map_or(Expiry::Never, Expiry::At);
        let id = entry.queue.push(holder, expiry, None);
        let change = deadline.and_then(|deadline| entry.timer_at(deadline));
        drop(entry);
        self.change_timer(change);
        Ok(Some(id))
    }

    #[cold]
    fn queue_full(&self, mut entry: MutexGuard<'_, Entry<V>>) -> LockError {
        let waiting = entry.queue.len();
        entry.queue.count_rejected();
        drop(entry);
        LockError::QueueFull {
            lock: self.key().as_str().to_owned(),
            waiting,
        }
    }

    fn change_timer(&self, change: Option<TimerChange>) {
        if let Some(TimerChange { start, cancel }) = change {
            if let Some(cancel) = cancel {
                timer::cancel(cancel);
            }
            let owner: Weak<dyn LockOwner> = Weak::clone(&self.owner);
            timer::start(start, owner);
            // It may have been replaced before it was started, when nobody could cancel it yet.
            if self.entry().queue.timer() != Some(start) {
                timer::cancel(start);
            }
        }
    }

    /// Its timer has fired. Returns the wakers of the waits that are over.
    fn time_out(&self, timer: TimerId, now: Instant) -> Vec<Option<Waker>> {
        let mut entry = self.entry();
        // It may have been cancelled a moment too late.
        if entry.queue.timer() != Some(timer) {
            return Vec::new();
        }
        *entry.queue.timer_mut() = LockTimer::default();
        let timed_out = entry.queue.time_out(now);
        let next = entry.queue.earliest_deadline();
        let change = next.and_then(|next| entry.timer_at(next));
        drop(entry);
        self.change_timer(change);
        timed_out
    }
}

/// The timer of a lock has fired, which `owner` keeps in memory.
pub(crate) fn time_out<O, V: Send + 'static>(
    owner: Arc<O>,
    lock: impl FnOnce(&O) -> &Lock<V>,
    timer: TimerId,
    now: Instant,
) {
    let timed_out = lock(&owner).time_out(timer, now);
    // The waiters that are woken find a lock that the timer no longer keeps alive.
    drop(owner);
    timed_out.into_iter().flatten().for_each(Waker::wake);
}

impl<V: Send + 'static> Timed for NamedLock<V> {
    fn fire(self: Arc<Self>, timer: TimerId, now: Instant) {
        time_out(self, |named| &named.lock, timer, now);
    }
}

impl<V: Send + 'static> LockOwner for NamedLock<V> {
    fn lock_key(&self) -> Key {
        self.key.clone()
    }

    fn lock_limits(&self) -> WaitLimits {
        let registry = self.registry.upgrade();
        registry.map_or_else(WaitLimits::default, |registry| registry.limits())
    }
}

impl<V> NamedLock<V> {
    pub(super) fn name(&self) -> &Key {
        &self.key
    }
}

impl<V> Deref for NamedLock<V> {
    type Target = Lock<V>;

    fn deref(&self) -> &Lock<V> {
        &self.lock
    }
}

impl<V> LockName for Lock<V> {
    fn key(&self) -> Key {
        Lock::key(self)
    }
}

impl<V> Drop for NamedLock<V> {
    fn drop(&mut self) {
        if let Some(registry) = self.registry.upgrade() {
            registry.remove(&self.key);
        }
    }
}

impl<V> Drop for Lock<V> {
    fn drop(&mut self) {
        if let Some(timer) = self.entry().queue.timer() {
            timer::cancel(timer);
        }
    }
}
