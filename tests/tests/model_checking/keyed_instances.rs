//! The instances of keyed states: a key has one instance while a task uses it or while it is persistent, and none after that.

use crate::event::{Event, unless_cancelled};
use crate::exploration::{CriticalSection, every_schedule, sampled_schedules};
use crate::lock::{CallSite, Key, LockRequest, WaitLimits, WaitPolicy, acquire};
use crate::store::{EntryRef, HasKeyLock, KeyMap, StateLock};
use shuttle::future::{JoinHandle, block_on, spawn};
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

/// The instance of a key, with its lock.
struct Instance {
    lock: StateLock,
    section: Arc<CriticalSection>,
}

impl HasKeyLock for Instance {
    type Guarded = ();
    type Common = ();

    fn lock(&self) -> &StateLock {
        &self.lock
    }

    fn lock_key((): &(), _: &dyn Any) -> Key {
        name()
    }

    fn lock_limits((): &()) -> WaitLimits {
        WaitLimits::default()
    }
}

fn name() -> Key {
    Key::new("cart:7").unwrap()
}

type Instances = Arc<KeyMap<u8, Instance>>;

/// All instances of the key share one critical section, so two instances at once would be found.
fn get_or_create(map: &Instances, section: &Arc<CriticalSection>) -> EntryRef<Instance> {
    let make = |owner| Instance {
        lock: StateLock::part_of(owner, name, 0),
        section: Arc::clone(section),
    };
    map.get_or_create(&7, |owner| (make(owner), true)).0
}

async fn hold(instance: &EntryRef<Instance>, wait: Duration, then: impl FnOnce()) -> bool {
    let mut policy = WaitPolicy::within(wait);
    let request = LockRequest::short(CallSite::here());
    let Ok(guard) = acquire(&instance.lock, request, &mut policy).await else {
        return false;
    };
    instance.section.enter(&guard);
    then();
    true
}

fn join(tasks: Vec<JoinHandle<()>>) {
    block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
}

/// Runs one task per item of `rounds`. Each uses the instance that many times, and commits nothing.
fn use_repeatedly(rounds: &'static [usize]) {
    let (map, section) = (
        KeyMap::new(1, Arc::new(())),
        Arc::new(CriticalSection::default()),
    );
    let tasks = rounds.iter().map(|&rounds| {
        let (map, section) = (Arc::clone(&map), Arc::clone(&section));
        spawn(async move {
            for _ in 0..rounds {
                hold(&get_or_create(&map, &section), Duration::MAX, || {}).await;
            }
        })
    });
    join(tasks.collect());
    assert_nothing_left(&map);
}

fn assert_nothing_left(map: &Instances) {
    assert!(map.get(&7).is_none(), "an instance is left");
}

#[test]
fn two_tasks_that_use_a_key_share_one_instance_and_leave_none() {
    every_schedule(|| use_repeatedly(&[1, 1]));
}

#[test]
fn a_key_that_is_removed_while_it_is_requested_still_has_one_instance() {
    every_schedule(|| use_repeatedly(&[2, 1]));
}

#[test]
fn three_tasks_that_use_a_key_share_one_instance_and_leave_none() {
    sampled_schedules(|| use_repeatedly(&[2, 1, 1]));
}

/// One task holds the lock, and one waits until `event` happens.
fn a_wait_that_ends(event: Event) {
    let (map, section) = (
        KeyMap::new(1, Arc::new(())),
        Arc::new(CriticalSection::default()),
    );
    let tasks = [Duration::MAX, Duration::from_secs(3600)].map(|wait| {
        let (map, section) = (Arc::clone(&map), Arc::clone(&section));
        spawn(async move {
            let instance = get_or_create(&map, &section);
            unless_cancelled(hold(&instance, wait, || {})).await;
        })
    });
    event.trigger();
    join(tasks.into());
    assert_nothing_left(&map);
}

#[test]
fn a_cancelled_wait_leaves_no_instance() {
    every_schedule(|| a_wait_that_ends(Event::Cancellation));
}

#[test]
fn a_wait_that_times_out_leaves_no_instance() {
    every_schedule(|| a_wait_that_ends(Event::Deadline));
}

/// One task commits and another removes the instance, both under its lock. The last one decides, and a removed instance is
/// not left behind.
#[test]
fn after_a_concurrent_commit_and_removal_the_last_one_decides_whether_the_instance_exists() {
    every_schedule(|| {
        let (map, section) = (
            KeyMap::new(1, Arc::new(())),
            Arc::new(CriticalSection::default()),
        );
        let tasks = [true, false].map(|is_persistent| {
            let (map, section) = (Arc::clone(&map), Arc::clone(&section));
            spawn(async move {
                let instance = get_or_create(&map, &section);
                hold(&instance, Duration::MAX, || {
                    instance.set_persistent(is_persistent);
                })
                .await;
            })
        });
        join(tasks.into());
        match map.get(&7) {
            Some(_) => assert_eq!(map.all().len(), 1, "a removed instance is left"),
            None => assert_eq!(map.all().len(), 0),
        }
    });
}
