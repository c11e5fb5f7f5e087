//! The table of locks: locks are created and removed by key, and held by one task at a time.

use crate::exploration::{CriticalSection, assert_nothing_left, every_schedule, sampled_schedules};
use crate::lock::{
    CallSite, Guards, Key, LockHandle, LockRequest, WaitPolicy, acquire, acquire_all,
};
use crate::store::Locks;
use shuttle::future::{block_on, spawn};
use std::sync::Arc;
use std::time::Duration;

/// Runs one task per item of `rounds`. Each locks "a" that many times.
fn lock_repeatedly(rounds: &'static [usize]) {
    let (locks, section) = (Locks::new(), Arc::new(CriticalSection::default()));
    let tasks: Vec<_> = rounds
        .iter()
        .map(|&rounds| {
            let (locks, section) = (locks.clone(), Arc::clone(&section));
            spawn(async move {
                for _ in 0..rounds {
                    section.enter(&locks.lock_within("a", Duration::MAX).await.unwrap());
                }
            })
        })
        .collect();
    block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
    assert_nothing_left(&locks);
}

#[test]
fn two_tasks_never_hold_a_lock_together_and_leave_no_entry() {
    every_schedule(|| lock_repeatedly(&[1, 1]));
}

#[test]
fn a_key_that_is_removed_while_it_is_requested_still_has_one_lock() {
    sampled_schedules(|| lock_repeatedly(&[2, 2]));
}

#[test]
fn three_tasks_never_hold_a_lock_together_and_leave_no_entry() {
    sampled_schedules(|| lock_repeatedly(&[2, 1, 1]));
}

/// Acquires these locks together.
async fn acquire_by_key(locks: &Locks, names: &[&str]) -> Guards<LockHandle<()>> {
    let keys = names.iter().map(|name| Key::new(name).unwrap());
    let list: Vec<_> = keys.map(|key| locks.table.get(key)).collect();
    let mut policy = WaitPolicy::within(Duration::MAX);
    acquire_all(&list, LockRequest::short(CallSite::here()), &mut policy)
        .await
        .unwrap()
}

/// Runs one task per item of `of_tasks`. Each acquires its locks together.
fn together(of_tasks: &'static [&'static [&'static str]]) {
    let (locks, sections) = (Locks::new(), Arc::new(<[CriticalSection; 3]>::default()));
    let tasks: Vec<_> = of_tasks
        .iter()
        .map(|&names| {
            let (locks, sections) = (locks.clone(), Arc::clone(&sections));
            spawn(async move {
                let guards = acquire_by_key(&locks, names).await;
                for (guard, name) in guards.iter().zip(names) {
                    sections[usize::from(name.as_bytes()[0] - b'a')].enter(guard);
                }
            })
        })
        .collect();
    block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
    assert_nothing_left(&locks);
}

#[test]
fn two_tasks_that_acquire_two_locks_together_both_get_them() {
    sampled_schedules(|| together(&[&["a", "b"], &["a", "b"]]));
}

#[test]
fn three_tasks_that_share_three_locks_in_a_ring_all_get_them() {
    sampled_schedules(|| together(&[&["a", "b"], &["b", "c"], &["a", "c"]]));
}

/// The checker does find deadlocks. This one is why the engine sorts locks.
#[test]
#[should_panic(expected = "deadlock")]
fn unsorted_locks_would_deadlock() {
    sampled_schedules(|| {
        let locks = Locks::new();
        let tasks = [["a", "b"], ["b", "a"]].map(|names| {
            let locks = locks.clone();
            spawn(async move {
                // Without a task, the engine does not check the order.
                let request = LockRequest {
                    task: None,
                    ..LockRequest::short(CallSite::here())
                };
                let mut policy = WaitPolicy::within(Duration::MAX);
                let [one, other] = names.map(|name| locks.table.get(Key::new(name).unwrap()));
                let _one = acquire(one, request, &mut policy).await.unwrap();
                let _other = acquire(other, request, &mut policy).await.unwrap();
            })
        });
        block_on(async {
            for task in tasks {
                task.await.unwrap();
            }
        });
    });
}

/// A guard may be dropped by another task than the one that acquired the lock.
#[test]
fn a_guard_that_is_dropped_by_another_task_releases_the_lock() {
    every_schedule(|| {
        let (locks, section) = (Locks::new(), Arc::new(CriticalSection::default()));
        let guard = block_on(locks.lock("a")).unwrap();
        let other = spawn(async move { drop(guard) });
        let next = spawn({
            let (locks, section) = (locks.clone(), Arc::clone(&section));
            async move { section.enter(&locks.lock_within("a", Duration::MAX).await.unwrap()) }
        });
        block_on(async {
            other.await.unwrap();
            next.await.unwrap();
        });
        assert_nothing_left(&locks);
    });
}
