//! Waits end in one of three ways, whenever that happens: with the lock, at the deadline, or because nobody wants it any
//! more. Nothing is left of any of them.

use crate::exploration::{Room, every_order, many_orders, nothing_is_left};
use crate::locks::{Asker, Deadline, Held, Key, Lock, LockError, Locks, Place, acquire};
use crate::sync::{Bell, unless_cancelled};
use shuttle::future::{block_on, spawn};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(3600);

/// Somebody holds the lock, somebody waits for it until `bell` rings, and `behind` more wait behind them.
fn a_wait_that_ends(bell: Bell, behind: usize) {
    let (locks, room) = (Locks::new(), Arc::new(Room::default()));
    let held = block_on(locks.lock("a")).unwrap();
    let waiter = spawn({
        let (locks, room) = (locks.clone(), Arc::clone(&room));
        async move {
            match unless_cancelled(locks.lock_within("a", LONG)).await {
                Some(Ok(guard)) => room.visit(&guard),
                Some(Err(error)) => assert!(matches!(error, LockError::TimedOut { .. })),
                None => {}
            }
        }
    });
    let others: Vec<_> = (0..behind)
        .map(|_| {
            let (locks, room) = (locks.clone(), Arc::clone(&room));
            spawn(async move {
                room.visit(&locks.lock_within("a", Duration::MAX).await.unwrap());
            })
        })
        .collect();
    let release = spawn(async move { drop(held) });
    bell.ring();
    block_on(async {
        waiter.await.unwrap();
        release.await.unwrap();
        for other in others {
            other.await.unwrap();
        }
    });
    nothing_is_left(&locks);
}

#[test]
fn a_cancelled_wait_leaves_nothing() {
    every_order(|| a_wait_that_ends(Bell::Cancel, 0));
}

#[test]
fn a_cancelled_wait_passes_the_lock_on() {
    many_orders(|| a_wait_that_ends(Bell::Cancel, 1));
}

#[test]
fn a_wait_that_times_out_leaves_nothing() {
    every_order(|| a_wait_that_ends(Bell::Deadline, 0));
}

#[test]
fn a_wait_that_times_out_passes_the_lock_on() {
    many_orders(|| a_wait_that_ends(Bell::Deadline, 1));
}

/// The second has less time than the first, so its alarm takes the place of the first one's, which may not be set yet.
#[test]
fn an_alarm_that_is_replaced_before_it_is_set_does_not_stay() {
    many_orders(|| {
        let locks = Locks::new();
        let held = block_on(spawn(locks.lock("a"))).unwrap().unwrap();
        let waiters = [LONG, LONG / 2].map(|wait| {
            let locks = locks.clone();
            spawn(async move { drop(locks.lock_within("a", wait).await.unwrap()) })
        });
        drop(held);
        for waiter in waiters {
            block_on(waiter).unwrap();
        }
        nothing_is_left(&locks);
    });
}

/// Who is in line before another asks is served before it, however the release falls between them.
#[test]
fn nobody_is_overtaken() {
    every_order(|| {
        let locks = Locks::new();
        // Taken by another task: who waits for a lock that it holds is refused.
        let taken = spawn(locks.lock("a"));
        let held = block_on(taken).unwrap().unwrap();
        let mut first = Box::pin(locks.lock_within("a", Duration::MAX));
        let in_line = first.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(in_line.is_pending());

        let served = Arc::new(AtomicUsize::new(0));
        let second = spawn({
            let (locks, served) = (locks.clone(), Arc::clone(&served));
            async move {
                let _guard = locks.lock_within("a", Duration::MAX).await.unwrap();
                assert_eq!(served.load(Ordering::SeqCst), 1, "it overtook");
            }
        });
        drop(held);
        block_on(async {
            let guard = first.await.unwrap();
            served.store(1, Ordering::SeqCst);
            drop(guard);
            second.await.unwrap();
        });
        nothing_is_left(&locks);
    });
}

async fn lock_behind(locks: &Locks, most: usize) -> Result<Held<Arc<Lock>>, LockError> {
    let lock = locks.get(Key::new("a").unwrap());
    let mut deadline = Deadline::within(Duration::MAX).behind_at_most(most);
    acquire(lock, Asker::passing(Place::here()), &mut deadline).await
}

/// Two ask while one may wait: whoever is turned away, the line is empty at the end and the lock free.
#[test]
fn the_bound_on_waiters_holds_and_is_given_back() {
    many_orders(|| {
        let locks = Locks::new();
        let held = block_on(locks.lock("a")).unwrap();
        let tasks: Vec<_> = (0..2)
            .map(|_| {
                let locks = locks.clone();
                spawn(async move {
                    match lock_behind(&locks, 1).await {
                        Ok(_) => 1,
                        Err(LockError::Crowded { waiting: 1, .. }) => 0,
                        Err(error) => panic!("{error}"),
                    }
                })
            })
            .collect();
        let lock = locks.get(Key::new("a").unwrap());
        assert!(lock.status().waiting <= 2);
        drop(held);
        let mut granted = 0;
        block_on(async {
            for task in tasks {
                granted += task.await.unwrap();
            }
        });
        assert!(granted >= 1, "somebody may always wait");
        assert_eq!(lock.status().waiting, 0);
        assert!(lock.status().holder.is_none());
        drop(lock);
        nothing_is_left(&locks);
    });
}

/// One after the other waits where one may.
#[test]
fn who_has_waited_does_not_count_as_one_who_waits() {
    every_order(|| {
        let locks = Locks::new();
        let lock = locks.get(Key::new("a").unwrap());
        for _ in 0..2 {
            let held = block_on(spawn(locks.lock("a"))).unwrap().unwrap();
            let waits = spawn({
                let locks = locks.clone();
                async move { assert!(lock_behind(&locks, 1).await.is_ok(), "turned away") }
            });
            drop(held);
            block_on(waits).unwrap();
        }
        assert_eq!(lock.status().waiting, 0);
        drop(lock);
        nothing_is_left(&locks);
    });
}

/// The record of the holder changes hands with the lock: nobody is ever taken for a holder that it is not.
#[test]
fn who_waits_for_another_is_never_told_that_it_waits_for_itself() {
    many_orders(|| {
        let locks = Locks::new();
        let tasks: Vec<_> = (0..2)
            .map(|_| {
                let locks = locks.clone();
                spawn(async move {
                    for _ in 0..2 {
                        drop(locks.lock_within("a", Duration::MAX).await.unwrap());
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
    });
}

#[test]
fn who_asks_for_what_it_holds_is_always_told_so() {
    every_order(|| {
        let locks = Locks::new();
        let other = spawn({
            let locks = locks.clone();
            async move { drop(locks.lock_within("a", Duration::MAX).await.unwrap()) }
        });
        let again = spawn({
            let locks = locks.clone();
            async move {
                let _held = locks.lock_within("a", Duration::MAX).await.unwrap();
                let again = locks.lock_within("a", Duration::MAX).await;
                assert!(matches!(again, Err(LockError::Reentrant { .. })));
            }
        });
        block_on(async {
            other.await.unwrap();
            again.await.unwrap();
        });
        nothing_is_left(&locks);
    });
}
