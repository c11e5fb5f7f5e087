//! Locks come and go by name, and are held by one at a time.

use crate::exploration::{Room, every_order, many_orders, nothing_is_left};
use crate::locks::{Asker, Deadline, Guards, Key, Lock, Locks, Place, acquire, acquire_all};
use shuttle::future::{block_on, spawn};
use std::sync::Arc;
use std::time::Duration;

/// As many tasks as `rounds` has items each take the lock "a" so many times.
fn turns(rounds: &'static [usize]) {
    let (locks, room) = (Locks::new(), Arc::new(Room::default()));
    let tasks: Vec<_> = rounds
        .iter()
        .map(|&rounds| {
            let (locks, room) = (locks.clone(), Arc::clone(&room));
            spawn(async move {
                for _ in 0..rounds {
                    room.visit(&locks.lock_within("a", Duration::MAX).await.unwrap());
                }
            })
        })
        .collect();
    block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
    nothing_is_left(&locks);
}

#[test]
fn two_tasks_never_hold_one_name_together_and_leave_nothing() {
    every_order(|| turns(&[1, 1]));
}

#[test]
fn a_name_that_is_collected_while_another_asks_for_it_is_still_one_lock() {
    many_orders(|| turns(&[2, 2]));
}

#[test]
fn three_tasks_never_hold_one_name_together_and_leave_nothing() {
    many_orders(|| turns(&[2, 1, 1]));
}

/// Takes the locks of these names in this order.
async fn take(locks: &Locks, names: &[&str]) -> Guards<Arc<Lock>> {
    let keys = names.iter().map(|name| Key::new(name).unwrap());
    let list: Vec<_> = keys.map(|key| locks.get(key)).collect();
    let mut deadline = Deadline::within(Duration::MAX);
    acquire_all(&list, Asker::passing(Place::here()), &mut deadline)
        .await
        .unwrap()
}

/// Each task takes its names together.
fn together(of_tasks: &'static [&'static [&'static str]]) {
    let (locks, rooms) = (Locks::new(), Arc::new(<[Room; 3]>::default()));
    let tasks: Vec<_> = of_tasks
        .iter()
        .map(|&names| {
            let (locks, rooms) = (locks.clone(), Arc::clone(&rooms));
            spawn(async move {
                let guards = take(&locks, names).await;
                for (guard, name) in guards.iter().zip(names) {
                    rooms[usize::from(name.as_bytes()[0] - b'a')].visit(guard);
                }
            })
        })
        .collect();
    block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
    nothing_is_left(&locks);
}

#[test]
fn two_tasks_that_take_two_locks_in_one_order_both_get_them() {
    many_orders(|| together(&[&["a", "b"], &["a", "b"]]));
}

#[test]
fn three_tasks_in_a_ring_of_three_locks_all_get_them() {
    many_orders(|| together(&[&["a", "b"], &["b", "c"], &["a", "c"]]));
}

/// The checker does see deadlocks: this is why locks come sorted.
#[test]
#[should_panic(expected = "deadlock")]
fn locks_in_opposite_order_would_deadlock() {
    many_orders(|| {
        let locks = Locks::new();
        let tasks = [["a", "b"], ["b", "a"]].map(|names| {
            let locks = locks.clone();
            spawn(async move {
                // Without a word about who will hold them, nobody looks at their order.
                let asker = Asker {
                    owner: None,
                    ..Asker::passing(Place::here())
                };
                let mut deadline = Deadline::within(Duration::MAX);
                let [one, other] = names.map(|name| locks.get(Key::new(name).unwrap()));
                let _one = acquire(one, asker, &mut deadline).await.unwrap();
                let _other = acquire(other, asker, &mut deadline).await.unwrap();
            })
        });
        block_on(async {
            for task in tasks {
                task.await.unwrap();
            }
        });
    });
}

/// A guard may be dropped by another task than the one that took it.
#[test]
fn a_guard_that_moves_to_another_task_is_released_there() {
    every_order(|| {
        let (locks, room) = (Locks::new(), Arc::new(Room::default()));
        let guard = block_on(locks.lock("a")).unwrap();
        let elsewhere = spawn(async move { drop(guard) });
        let next = spawn({
            let (locks, room) = (locks.clone(), Arc::clone(&room));
            async move { room.visit(&locks.lock_within("a", Duration::MAX).await.unwrap()) }
        });
        block_on(async {
            elsewhere.await.unwrap();
            next.await.unwrap();
        });
        nothing_is_left(&locks);
    });
}
