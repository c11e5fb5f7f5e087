//! The instances of keyed states: each key has one at most, as long as somebody uses it or it is to stay, and then none.

use crate::exploration::{Room, every_order, many_orders};
use crate::locks::{Asker, Deadline, Entered, Key, Lock, Place, Pool, acquire};
use crate::sync::{Bell, unless_cancelled};
use shuttle::future::{JoinHandle, block_on, spawn};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// What there is one of for each key: something with a lock.
struct Instance {
    lock: Arc<Lock>,
    room: Arc<Room>,
}

type Instances = Arc<Pool<u8, Instance>>;

/// Nobody is to hold two instances of a key, so all of them lead to one room.
fn enter(pool: &Instances, room: &Arc<Room>) -> Entered<Instance> {
    pool.enter(&7, || Instance {
        lock: Lock::new(Key::new("cart:7").unwrap(), Weak::new()),
        room: Arc::clone(room),
    })
}

async fn hold(instance: &Entered<Instance>, wait: Duration, then: impl FnOnce()) -> bool {
    let mut deadline = Deadline::within(wait);
    let asker = Asker::passing(Place::here());
    let Ok(guard) = acquire(&*instance.lock, asker, &mut deadline).await else {
        return false;
    };
    instance.room.visit(&guard);
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

/// Tasks that each use the instance so many times, and change nothing.
fn passing(rounds: &'static [usize]) {
    let (pool, room) = (Pool::new(1), Arc::new(Room::default()));
    let tasks = rounds.iter().map(|&rounds| {
        let (pool, room) = (Arc::clone(&pool), Arc::clone(&room));
        spawn(async move {
            for _ in 0..rounds {
                hold(&enter(&pool, &room), Duration::MAX, || {}).await;
            }
        })
    });
    join(tasks.collect());
    nothing_is_left(&pool);
}

fn nothing_is_left(pool: &Instances) {
    assert!(pool.find(&7).is_none(), "an instance is left");
}

#[test]
fn two_who_use_a_key_at_once_use_one_instance_and_leave_none() {
    every_order(|| passing(&[1, 1]));
}

#[test]
fn a_key_that_is_collected_while_another_asks_for_it_still_has_one_instance() {
    every_order(|| passing(&[2, 1]));
}

#[test]
fn three_who_use_a_key_at_once_use_one_instance_and_leave_none() {
    many_orders(|| passing(&[2, 1, 1]));
}

/// Somebody holds the lock, and somebody waits until `bell` rings.
fn a_wait_that_ends(bell: Bell) {
    let (pool, room) = (Pool::new(1), Arc::new(Room::default()));
    let tasks = [Duration::MAX, Duration::from_secs(3600)].map(|wait| {
        let (pool, room) = (Arc::clone(&pool), Arc::clone(&room));
        spawn(async move {
            let entered = enter(&pool, &room);
            unless_cancelled(hold(&entered, wait, || {})).await;
        })
    });
    bell.ring();
    join(tasks.into());
    nothing_is_left(&pool);
}

#[test]
fn a_cancelled_wait_leaves_no_instance() {
    every_order(|| a_wait_that_ends(Bell::Cancel));
}

#[test]
fn a_wait_that_times_out_leaves_no_instance() {
    every_order(|| a_wait_that_ends(Bell::Deadline));
}

/// One commits, another removes, under the lock: whoever comes last has the say, and nothing that was removed is left.
#[test]
fn an_instance_that_is_removed_while_another_changes_it_is_there_or_gone_as_the_last_one_said() {
    every_order(|| {
        let (pool, room) = (Pool::new(1), Arc::new(Room::default()));
        let tasks = [true, false].map(|stays| {
            let (pool, room) = (Arc::clone(&pool), Arc::clone(&room));
            spawn(async move {
                let entered = enter(&pool, &room);
                hold(&entered, Duration::MAX, || entered.set_stays(stays)).await;
            })
        });
        join(tasks.into());
        match pool.find(&7) {
            Some(entered) => assert!(entered.stays(), "a removed instance is left"),
            None => assert_eq!(pool.len(), 0),
        }
    });
}
