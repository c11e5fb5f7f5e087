//! The promises of .NET's `DistributedLock`, one test each, after the list of its tests.

use crate::support::{nothing_is_left, taken, waiting};
use futures_util::{FutureExt, poll};
use kr_runtime::{LockError, LockGuard, Locks};
use std::collections::HashSet;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The basic test.
#[tokio::test]
async fn a_lock_is_taken_until_its_guard_is_dropped_and_others_are_free_meanwhile() {
    let locks = Locks::new();
    let first = taken(&locks, "a").await;
    let other = locks.lock_within("b", Duration::ZERO).await.unwrap();
    assert!(locks.lock_within("a", Duration::ZERO).await.is_err());
    drop(other);
    drop(first);
    let again = locks.lock_within("a", Duration::ZERO).await.unwrap();
    assert_eq!(again.key(), "a");
    drop(again);
    nothing_is_left(&locks);
}

/// Bad arguments.
#[tokio::test]
async fn a_blank_name_is_refused_and_leaves_nothing() {
    let locks = Locks::new();
    for name in ["", " ", "\t\n", "\u{a0}"] {
        assert_eq!(locks.lock(name).await.unwrap_err(), LockError::EmptyKey);
    }
    nothing_is_left(&locks);
}

/// Disposing is idempotent. What can go wrong here is that one guard releases what another one holds.
#[tokio::test]
async fn a_guard_that_is_dropped_releases_its_own_hold_and_no_other() {
    let locks = Locks::new();
    for _ in 0..3 {
        drop(taken(&locks, "a").await);
    }
    let _held = taken(&locks, "a").await;
    assert!(locks.lock_within("a", Duration::ZERO).await.is_err());
}

/// Timeouts.
#[tokio::test]
async fn a_wait_ends_at_its_deadline_whether_that_is_zero_or_short_or_without_end() {
    let locks = Locks::new();
    let held = taken(&locks, "a").await;
    for wait in [Duration::ZERO, Duration::from_millis(5)] {
        match locks.lock_within("a", wait).await.unwrap_err() {
            LockError::TimedOut { lock, waited, .. } => assert_eq!((&*lock, waited), ("a", wait)),
            error => panic!("{error}"),
        }
    }
    let mut endless = pin!(locks.lock_within("a", Duration::MAX));
    assert!(poll!(&mut endless).is_pending());
    assert_eq!(locks.list()[0].totals.timed_out, 2);
    drop(held);
    assert!(endless.await.is_ok());
    nothing_is_left(&locks);
}

/// Cancellation. A future is cancelled by dropping it.
#[tokio::test]
async fn a_request_can_be_cancelled_before_it_waits_while_it_waits_and_after_it_was_served() {
    let locks = Locks::new();
    drop(locks.lock("never polled"));
    nothing_is_left(&locks);

    let held = taken(&locks, "a").await;
    let mut cancelled = Box::pin(locks.lock("a"));
    let mut served = Box::pin(locks.lock("a"));
    assert!(poll!(&mut cancelled).is_pending());
    assert!(poll!(&mut served).is_pending());
    assert_eq!(waiting(&locks, "a"), 2);
    drop(cancelled);
    assert_eq!(waiting(&locks, "a"), 1);

    // Now it is `served`'s turn, which it never gets to know.
    drop(held);
    drop(served);
    assert_eq!(waiting(&locks, "a"), 0);
    assert!(
        locks
            .lock("a")
            .now_or_never()
            .is_some_and(|lock| lock.is_ok())
    );
    nothing_is_left(&locks);
}

/// Cancellation ends the wait alone. Giving up on a second lock leaves the first one held.
#[tokio::test]
async fn cancelling_one_wait_releases_nothing_that_is_held() {
    let locks = Locks::new();
    let _held = taken(&locks, "a").await;
    let (_mine, _theirs) = (locks.lock("b").await.unwrap(), taken(&locks, "c").await);
    assert!(locks.lock("c").now_or_never().is_none());
    assert!(locks.lock_within("a", Duration::ZERO).await.is_err());
    let b_is_held = matches!(locks.lock("b").await, Err(LockError::Reentrant { .. }));
    assert!(b_is_held);
}

/// Parallelism.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_tasks_on_many_threads_one_at_a_time_is_inside() {
    let locks = Locks::new();
    let inside: Arc<[AtomicUsize; 2]> = Arc::default();
    let tasks: Vec<_> = (0..64)
        .map(|task: usize| {
            let (locks, inside) = (locks.clone(), Arc::clone(&inside));
            tokio::spawn(async move {
                for round in 0..50 {
                    let which = (task + round) % 2;
                    let _guard = locks.lock(["even", "odd"][which]).await.unwrap();
                    assert_eq!(inside[which].fetch_add(1, Ordering::SeqCst), 0);
                    if round % 3 == 0 {
                        tokio::task::yield_now().await;
                    }
                    inside[which].fetch_sub(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    nothing_is_left(&locks);
}

/// Name escaping. Any text is a name, and two that differ in more than case and outer spaces are two locks.
#[tokio::test]
async fn every_text_is_a_name_of_its_own_however_long_or_odd() {
    let locks = Locks::new();
    let long = "n".repeat(100_000);
    let longer = format!("{long}n");
    let names = [
        "a",
        "a b",
        "a  b",
        "a/b",
        "a\\b",
        "a\0b",
        "a:b",
        "{a}",
        "\u{e4}",
        "a\u{308}",
        "\u{1f980}",
        "%61",
        &long,
        &longer,
    ];
    let mut guards = Vec::new();
    for name in names {
        guards.push(locks.lock_within(name, Duration::ZERO).await.unwrap());
    }
    let keys: HashSet<_> = guards.iter().map(LockGuard::key).collect();
    assert_eq!(keys.len(), names.len());
}

/// Name case, with Kestrun's answer to it.
#[tokio::test]
async fn spaces_around_a_name_and_its_case_make_no_difference() {
    let locks = Locks::new();
    let _held = taken(&locks, "Stra\u{df}e:\u{c4}pfel").await;
    for same in [" stra\u{df}e:\u{e4}pfel ", "STRA\u{df}E:\u{c4}PFEL"] {
        assert!(locks.lock_within(same, Duration::ZERO).await.is_err());
    }
    assert_eq!(locks.list().len(), 1);
}

/// Instances. Every handle to the registry has the same locks, and another registry its own.
#[tokio::test]
async fn clones_share_their_locks_and_other_registries_have_others() {
    let locks = Locks::new();
    let _held = taken(&locks, "a").await;
    assert!(
        locks
            .clone()
            .lock_within("a", Duration::ZERO)
            .await
            .is_err()
    );
    assert!(Locks::new().lock_within("a", Duration::ZERO).await.is_ok());
}
