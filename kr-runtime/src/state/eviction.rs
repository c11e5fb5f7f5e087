//! Removing the instances of a keyed state that nobody has used for long, or that are too many.
//!
//! A thread takes the least recently used ones, and removes each in a transaction under its lock, as
//! [`SharedMap::remove`](super::SharedMap::remove) does. It never waits for a lock: an instance that somebody uses stays.

use crate::lock::{CallSite, LockKey, WaitPolicy};
use crate::store::{Due, EntryRef, Instance, InstanceLimits, KeySpace, StateLock, Usage};
use crate::sync::block_on::block_on;
use crate::sync::log;
use crate::transaction::{AccessMode, AccessPlan, Transaction};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

/// How many instances are loaded at a time.
const LOAD_AT_ONCE: usize = 1000;

/// How soon to look again at instances that are too many, but in use.
const RETRY: Duration = Duration::from_millis(100);

/// From now on, the instances of the key space are within these limits.
pub(super) fn limit<K: LockKey>(key_space: &Arc<KeySpace<K>>, limits: InstanceLimits) {
    if limits != InstanceLimits::default() {
        key_space.limit(limits);
        start_thread(key_space);
    }
}

/// The instances are in a store from now on. Those with limits come into memory, since nobody else knows when they were
/// used last; others leave it when they are too much for it.
pub(super) fn start<K: LockKey>(key_space: &Arc<KeySpace<K>>) {
    start_thread(key_space);
    if !key_space.usage().is_some_and(Usage::has_limits) {
        return;
    }
    let key_space = Arc::downgrade(key_space);
    spawn("kr-instances-load", move || {
        let mut after = None;
        while let Some(living) = key_space.upgrade() {
            let Ok(keys) = living.stored_keys(after.as_ref(), LOAD_AT_ONCE) else {
                log::error!(
                    "instances with limits could not be loaded; they are removed after their next use only"
                );
                return;
            };
            let Some(last) = keys.last().cloned() else {
                return;
            };
            let instances: Vec<_> = keys.iter().map(|key| living.get_or_create(key)).collect();
            let mut policy = WaitPolicy::OF_LOCK;
            for instance in &instances {
                let loaded = instance.group().wait_until_available(&mut policy);
                // What cannot be read is reported when it is used.
                drop(block_on(loaded));
            }
            after = Some(last);
        }
    });
}

fn start_thread<K: LockKey>(key_space: &Arc<KeySpace<K>>) {
    if key_space.claim_eviction() {
        let key_space = Arc::downgrade(key_space);
        spawn("kr-instances", move || run(&key_space));
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().name(name.to_owned());
    if let Err(error) = thread.spawn(work) {
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

/// Removes what is to be removed, and lets go of what is to leave memory. Returns when to look again.
fn sweep<K: LockKey>(key_space: &KeySpace<K>, usage: &Usage<K>) -> Option<Duration> {
    let next_tick = usage.tick();
    usage.forget_outdated(key_space.len(), |key| key_space.peek(key).is_some());
    let mut in_use = 0;
    // Each is looked at twice at most, unless it is used meanwhile.
    for _ in 0..2 * usage.len() {
        let due = usage.next(key_space.len(), key_space.is_over_budget());
        let Some((mut candidate, due)) = due else {
            break;
        };
        let Some(instance) = key_space.peek(&candidate.key) else {
            continue;
        };
        let last_use = instance.last_use();
        if last_use > candidate.used {
            candidate.used = last_use;
            usage.put_back(candidate);
            continue;
        }
        let is_gone = match due {
            Due::Removal => remove_unused(&instance),
            Due::Unload => instance.unload(),
        };
        if !is_gone {
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
    let is_there = instance.group().chain().newest().is_committed();
    match transaction.finish(is_there) {
        // Nobody waits for the store: the instance is gone when it has written that.
        Ok(_) => true,
        Err(error) => {
            log::error!("an instance that nobody uses could not be removed: {error}");
            false
        }
    }
}
