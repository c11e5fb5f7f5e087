//! A wait ends with the lock, at its deadline, or by cancellation. It leaves nothing behind, whenever that happens.

use crate::event::{Event, unless_cancelled};
use crate::exploration::{CriticalSection, assert_nothing_left, every_schedule, sampled_schedules};
use crate::lock::{CallSite, Held, Key, LockError, LockHandle, LockRequest, WaitPolicy, acquire};
use crate::store::Locks;
use shuttle::future::{block_on, spawn};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(3600);

/// One task holds the lock, one waits for it until `event` happens, and `behind` more wait behind that one.
fn a_wait_that_ends(event: Event, behind: usize) {
    let (locks, section) = (Locks::new(), Arc::new(CriticalSection::default()));
    let held = block_on(locks.lock("a")).unwrap();
    let waiter = spawn({
        let (locks, section) = (locks.clone(), Arc::clone(&section));
        async move {
            match unless_cancelled(locks.lock_within("a", LONG)).await {
                Some(Ok(guard)) => section.enter(&guard),
                Some(Err(error)) => assert!(matches!(error, LockError::TimedOut { .. })),
                None => {}
            }
        }
    });
    let others: Vec<_> = (0..behind)
        .map(|_| {
            let (locks, section) = (locks.clone(), Arc::clone(&section));
            spawn(async move {
                section.enter(&locks.lock_within("a", Duration::MAX).await.unwrap());
            })
        })
        .collect();
    let release = spawn(async move { drop(held) });
    event.trigger();
    block_on(async {
        waiter.await.unwrap();
        release.await.unwrap();
        for other in others {
            other.await.unwrap();
        }
    });
    assert_nothing_left(&locks);
}

#[test]
fn a_cancelled_wait_leaves_nothing() {
    every_schedule(|| a_wait_that_ends(Event::Cancellation, 0));
}

#[test]
fn a_cancelled_wait_passes_the_lock_on() {
    sampled_schedules(|| a_wait_that_ends(Event::Cancellation, 1));
}

#[test]
fn a_wait_that_times_out_leaves_nothing() {
    every_schedule(|| a_wait_that_ends(Event::Deadline, 0));
}

#[test]
fn a_wait_that_times_out_passes_the_lock_on() {
    sampled_schedules(|| a_wait_that_ends(Event::Deadline, 1));
}

/// The second waiter has the earlier deadline, so its timer replaces that of the first, which may not be set yet.
#[test]
fn a_timer_that_is_replaced_before_it_is_set_does_not_stay() {
    sampled_schedules(|| {
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
        assert_nothing_left(&locks);
    });
}

/// A thread that blocks waits in the same queue as a task, and passes the lock on like one.
#[test]
fn a_blocking_thread_and_a_task_never_hold_a_lock_together() {
    every_schedule(|| {
        let (locks, section) = (Locks::new(), Arc::new(CriticalSection::default()));
        let thread = shuttle::thread::spawn({
            let (locks, section) = (locks.clone(), Arc::clone(&section));
            move || section.enter(&locks.blocking_lock_within("a", Duration::MAX).unwrap())
        });
        let task = spawn({
            let (locks, section) = (locks.clone(), Arc::clone(&section));
            async move { section.enter(&locks.lock_within("a", Duration::MAX).await.unwrap()) }
        });
        thread.join().unwrap();
        block_on(task).unwrap();
        assert_nothing_left(&locks);
    });
}

/// A thread that blocks leaves the queue at its deadline.
#[test]
fn a_blocking_wait_that_times_out_leaves_nothing() {
    every_schedule(|| {
        let (locks, section) = (Locks::new(), Arc::new(CriticalSection::default()));
        let held = block_on(locks.lock("a")).unwrap();
        let thread = shuttle::thread::spawn({
            let (locks, section) = (locks.clone(), Arc::clone(&section));
            move || match locks.blocking_lock_within("a", LONG) {
                Ok(guard) => section.enter(&guard),
                Err(error) => assert!(matches!(error, LockError::TimedOut { .. })),
            }
        });
        let release = spawn(async move { drop(held) });
        Event::Deadline.trigger();
        block_on(release).unwrap();
        thread.join().unwrap();
        assert_nothing_left(&locks);
    });
}

/// A request that is queued before another one arrives is granted before it, whenever the release happens.
#[test]
fn no_waiter_is_overtaken() {
    every_schedule(|| {
        let locks = Locks::new();
        // Acquired by another task: a wait for a lock that the own task holds would be an error.
        let taken = spawn(locks.lock("a"));
        let held = block_on(taken).unwrap().unwrap();
        let mut first = Box::pin(locks.lock_within("a", Duration::MAX));
        let queued = first.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(queued.is_pending());

        let granted = Arc::new(AtomicUsize::new(0));
        let second = spawn({
            let (locks, granted) = (locks.clone(), Arc::clone(&granted));
            async move {
                let _guard = locks.lock_within("a", Duration::MAX).await.unwrap();
                assert_eq!(granted.load(Ordering::SeqCst), 1, "it overtook");
            }
        });
        drop(held);
        block_on(async {
            let guard = first.await.unwrap();
            granted.store(1, Ordering::SeqCst);
            drop(guard);
            second.await.unwrap();
        });
        assert_nothing_left(&locks);
    });
}

async fn lock_with_limit(
    locks: &Locks,
    max_waiters: usize,
) -> Result<Held<LockHandle<()>>, LockError> {
    let lock = locks.table.get(Key::new("a").unwrap());
    let mut policy = WaitPolicy::within(Duration::MAX).max_waiters(max_waiters);
    acquire(lock, LockRequest::short(CallSite::here()), &mut policy).await
}

/// Two requests arrive and one may wait. Whichever is rejected, the queue is empty and the lock free at the end.
#[test]
fn the_limit_on_waiters_holds_and_is_released() {
    sampled_schedules(|| {
        let locks = Locks::new();
        let held = block_on(locks.lock("a")).unwrap();
        let tasks: Vec<_> = (0..2)
            .map(|_| {
                let locks = locks.clone();
                spawn(async move {
                    match lock_with_limit(&locks, 1).await {
                        Ok(_) => 1,
                        Err(LockError::QueueFull { waiting: 1, .. }) => 0,
                        Err(error) => panic!("{error}"),
                    }
                })
            })
            .collect();
        let lock = locks.table.get(Key::new("a").unwrap());
        assert!(lock.status().waiting <= 2);
        drop(held);
        let mut granted = 0;
        block_on(async {
            for task in tasks {
                granted += task.await.unwrap();
            }
        });
        assert!(granted >= 1, "one request may always wait");
        assert_eq!(lock.status().waiting, 0);
        assert!(lock.status().holder.is_none());
        drop(lock);
        assert_nothing_left(&locks);
    });
}

/// Two requests wait one after the other, where one may wait at a time.
#[test]
fn a_granted_waiter_no_longer_counts_as_waiting() {
    every_schedule(|| {
        let locks = Locks::new();
        let lock = locks.table.get(Key::new("a").unwrap());
        for _ in 0..2 {
            let held = block_on(spawn(locks.lock("a"))).unwrap().unwrap();
            let waits = spawn({
                let locks = locks.clone();
                async move { assert!(lock_with_limit(&locks, 1).await.is_ok(), "rejected") }
            });
            drop(held);
            block_on(waits).unwrap();
        }
        assert_eq!(lock.status().waiting, 0);
        drop(lock);
        assert_nothing_left(&locks);
    });
}

/// The record of the holder changes together with the lock, so no task is mistaken for the holder.
#[test]
fn a_wait_for_another_task_is_never_reported_as_reentry() {
    sampled_schedules(|| {
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
        assert_nothing_left(&locks);
    });
}

#[test]
fn reentry_is_always_an_error() {
    every_schedule(|| {
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
        assert_nothing_left(&locks);
    });
}
