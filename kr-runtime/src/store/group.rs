//! A lock and the states that it guards: they are committed together, and read together.

use super::availability::{Availability, Unavailable};
use super::chain::Chain;
use super::version::{Value, Values};
use super::{ReadError, StateLock};
use crate::lock::{Entry, LockError, NamedLock, WaitPolicy};
use crate::sync::MutexGuard;
use once_cell::race::OnceBox;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tokio::sync::{Notify, watch};

/// A lock and the states that it guards.
///
/// A reader copies pointers to the durable values, which takes a moment, whether the lock is held or not. Only the holder
/// commits.
pub(crate) struct LockGroup {
    pub(crate) lock: GroupLock,
    /// Made for the first who waits for something to change.
    observers: OnceBox<Observers>,
}

/// The lock of a group. It dereferences to it.
pub(crate) enum GroupLock {
    /// One with a name of its own, by which it is found.
    Named(Arc<NamedLock<Chain>>),
    /// One that is a part of the group, and is found with it: an allocation less for each instance of a keyed state.
    Part(StateLock),
}

/// Those who wait for something to change, without the lock.
#[derive(Default)]
struct Observers {
    /// For readers that wait for a change in place to end.
    availability_changed: Notify,
    /// For subscribers.
    revisions: watch::Sender<u64>,
}

impl LockGroup {
    pub(crate) fn new(lock: GroupLock) -> Self {
        Self {
            lock,
            observers: OnceBox::new(),
        }
    }

    /// The versions. Keep the guard for as long as it takes to copy pointers, no longer.
    pub(crate) fn chain(&self) -> ChainGuard<'_> {
        ChainGuard(self.lock.entry())
    }

    /// As [`chain`](Self::chain), unless somebody has them.
    #[cfg(feature = "operations")]
    pub(crate) fn try_chain(&self) -> Option<ChainGuard<'_>> {
        self.lock.try_entry().map(ChainGuard)
    }

    /// Tells subscribers that a commit is durable.
    pub(crate) fn announce(&self, revision: u64) {
        if let Some(observers) = self.observers.get() {
            announce(&observers.revisions, revision);
        }
    }

    /// The durable revision, now and as it changes.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        let revisions = &self.observers().revisions;
        // A commit that came before the channel was there is announced here; later ones announce themselves.
        announce(revisions, self.chain().durable().revision());
        revisions.subscribe()
    }

    /// Whether anybody subscribes.
    #[cfg_attr(
        not(feature = "postgres"),
        allow(dead_code, reason = "a shared store uses it")
    )]
    pub(crate) fn has_subscribers(&self) -> bool {
        let observers = self.observers.get();
        observers.is_some_and(|observers| observers.revisions.receiver_count() > 0)
    }

    /// Adds a state with its initial value. Returns its index.
    pub(crate) fn add_state(&self, initial: &Value) -> usize {
        self.chain().add_state(initial)
    }

    /// Gives those of `count` states that have no value their initial ones. Only for the holder of the lock.
    pub(crate) fn fill(&self, count: usize, initial: impl FnOnce() -> Values) {
        if self.chain().newest().values.len() < count {
            let initial = initial();
            self.chain().fill(initial);
        }
    }

    /// Says whether the values can be had, and wakes those that wait for it.
    pub(crate) fn set_availability(&self, availability: Availability) {
        let before = mem::replace(&mut self.chain().availability, availability);
        self.notify_availability();
        drop(before);
    }

    pub(crate) fn notify_availability(&self) {
        if let Some(observers) = self.observers.get() {
            observers.availability_changed.notify_waiters();
        }
    }

    fn observers(&self) -> &Observers {
        self.observers.get_or_init(Box::default)
    }

    /// Takes the values at these indices out, to be changed in place, if nobody reads them and all commits are durable.
    /// `is_free` says of a value that may be taken although others have it, the initial one.
    pub(crate) fn check_out(
        &self,
        indices: &[usize],
        is_free: impl Fn(usize, &Value) -> bool,
        placeholder: impl Fn() -> Value,
    ) -> Option<Vec<Value>> {
        let mut chain = self.chain();
        if chain.head_status().is_some() {
            return None;
        }
        let is_unread = |(at, index): (usize, &usize)| {
            let value = chain.value_mut(*index);
            is_free(at, value) || Arc::get_mut(value).is_some()
        };
        if !indices.iter().enumerate().all(is_unread) {
            return None;
        }
        chain.availability = Availability::CheckedOut;
        let values = indices
            .iter()
            .map(|index| chain.replace_value(*index, placeholder()));
        Some(values.collect())
    }

    /// Puts values back that were checked out.
    pub(crate) fn put_back(&self, values: impl Iterator<Item = (usize, Value)>) {
        for (index, value) in values {
            self.chain().replace_value(index, value);
        }
        let available = self.chain().available();
        self.set_availability(available);
    }

    /// Waits until a change in place has ended.
    pub(crate) async fn wait_until_available(
        &self,
        policy: &mut WaitPolicy,
    ) -> Result<(), LockError> {
        let changed = &self.observers().availability_changed;
        let deadline = self.lock.deadline(policy);
        loop {
            let notified = changed.notified();
            if !self.chain().availability.is_temporary() {
                return Ok(());
            }
            match deadline {
                None => notified.await,
                Some(deadline) => tokio::time::timeout_at(deadline.into(), notified)
                    .await
                    .map_err(|_| LockError::TimedOut {
                        lock: self.lock.key().as_str().to_owned(),
                        waited: policy.timeout(),
                        holder: self.lock.holder(),
                    })?,
            }
        }
    }

    /// The error for a value that cannot be had although the lock is held, or need not be.
    pub(crate) fn unavailable(&self, unavailable: Unavailable) -> LockError {
        let lock = self.lock.key().as_str().to_owned();
        let reason = match unavailable {
            Unavailable::Temporarily | Unavailable::Shared => {
                "it is being changed in place".to_owned()
            }
            Unavailable::Damaged(damage) => damage.reason.clone(),
            Unavailable::Unreadable(reason) => {
                let reason = reason.as_ref().to_owned();
                return LockError::Unreadable { lock, reason };
            }
            Unavailable::Unreachable(reason) => {
                let reason = reason.as_ref().to_owned();
                return LockError::StoreUnavailable { lock, reason };
            }
            Unavailable::KeyTooLong(length) => return LockError::KeyTooLong { lock, length },
        };
        LockError::Damaged { lock, reason }
    }

    /// As [`unavailable`](Self::unavailable), for a read that does not wait.
    #[cold]
    #[inline(never)]
    pub(crate) fn unreadable(&self, unavailable: Unavailable) -> ReadError {
        match unavailable {
            Unavailable::Temporarily if self.chain().is_loading() => ReadError::NotLoaded {
                lock: self.lock.key().as_str().to_owned(),
            },
            Unavailable::Temporarily => ReadError::ChangingInPlace {
                lock: self.lock.key().as_str().to_owned(),
            },
            other => self.unavailable(other).into(),
        }
    }
}

impl Deref for GroupLock {
    type Target = StateLock;

    #[inline]
    fn deref(&self) -> &StateLock {
        match self {
            Self::Named(lock) => lock,
            Self::Part(lock) => lock,
        }
    }
}

/// The versions of a group, for a moment.
pub(crate) struct ChainGuard<'g>(MutexGuard<'g, Entry<Chain>>);

impl Deref for ChainGuard<'_> {
    type Target = Chain;

    fn deref(&self) -> &Chain {
        &self.0.value
    }
}

impl DerefMut for ChainGuard<'_> {
    fn deref_mut(&mut self) -> &mut Chain {
        &mut self.0.value
    }
}

/// Announcements may overtake each other; the later revision stays.
fn announce(revisions: &watch::Sender<u64>, revision: u64) {
    revisions.send_if_modified(|known| {
        let newer = revision > *known;
        *known = revision.max(*known);
        newer
    });
}
