//! Removing the instances of a keyed state that nobody has used for long, or that are too many.
//!
//! A thread takes the least recently used ones, and removes each in a transaction under its lock, as
//! [`SharedMap::remove`](super::SharedMap::remove) does. It never waits for a lock: an instance that somebody uses stays.

use crate::lock::{CallSite, LockKey, WaitPolicy};
use crate::store::{EntryRef, Instance, InstanceLimits, KeySpace, StateLock, Usage};
use crate::sync::log;
use crate::transaction::{AccessMode, AccessPlan, Transaction};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

/// How soon to look again at instances that are too many, but in use.
const RETRY: Duration = Duration::from_millis(100);

/// From now on, the instances of the key space are within these limits.
pub(super) fn limit<K: LockKey>(key_space: &Arc<KeySpace<K>>, limits: InstanceLimits) {
    if limits == InstanceLimits::default() || !key_space.limit(limits) {
        return;
    }
    let key_space = Arc::downgrade(key_space);
    let thread = thread::Builder::new().name("kr-instances".to_owned());
    if let Err(error) = thread.spawn(move || run(&key_space)) {
        log::error!(%error, "no thread to remove instances; they stay");
    }
}

/// Until the key space is gone.
fn run<K: LockKey>(key_space: &Weak<KeySpace<K>>) {
    loop {
        let Some(living) = key_space.upgrade() else {
            return;
        };
        let Some(usage) = living.usage() else {
            return;
        };
        let (wake, next) = (usage.wake(), sweep(&living, usage));
        drop(living);
        wake.wait(next);
    }
}

/// Removes what is to be removed. Returns when to look again.
fn sweep<K: LockKey>(key_space: &KeySpace<K>, usage: &Usage<K>) -> Option<Duration> {
    let next_tick = usage.tick();
    usage.forget_outdated(key_space.len(), |key| key_space.peek(key).is_some());
    let mut in_use = 0;
    // Each is looked at twice at most, unless it is used meanwhile.
    for _ in 0..2 * usage.len() {
        let Some(mut candidate) = usage.next(key_space.len()) else {
            break;
        };
        let Some(instance) = key_space.peek(&candidate.key) else {
            continue;
        };
        let last_use = instance.last_use();
        if last_use > candidate.used {
            candidate.used = last_use;
            usage.put_back(candidate);
        } else if !remove_unused(&instance) {
            in_use += 1;
            usage.put_back_as_used(candidate.key);
        }
    }
    match in_use {
        0 => next_tick,
        _ => Some(next_tick.map_or(RETRY, |next| next.min(RETRY))),
    }
}

/// Removes an instance, unless anybody uses it or waits for it. Returns whether it is gone.
fn remove_unused(instance: &EntryRef<Instance>) -> bool {
    let lock = &*instance.group().lock;
    if instance.is_shared() || lock.holder().is_some() {
        return false;
    }
    let mut plan = AccessPlan::<&EntryRef<Instance>, &StateLock>::default();
    plan.add_access(instance, 0, AccessMode::Remove);
    plan.add_lock(lock);
    // It tries once.
    let mut policy = WaitPolicy::within(Duration::ZERO);
    let Ok(mut transaction) = Transaction::begin_blocking(&plan, CallSite::here(), &mut policy)
    else {
        return false;
    };
    if instance.is_shared() {
        return false;
    }
    let is_there = instance.group().chain().newest().is_committed;
    match transaction.finish(is_there) {
        // Nobody waits for the store: the instance is gone when it has written that.
        Ok(_) => true,
        Err(error) => {
            log::error!("an instance that nobody uses could not be removed: {error}");
            false
        }
    }
}
