//! The contract of .NET's `DistributedLock`: one test for each test of its suite that makes sense within one process.

use crate::support::{assert_no_entries, lock_from_ended_task, waiters};
use futures_util::{FutureExt, poll};
use kr_runtime::{LockError, LockGuard, Locks};
use std::collections::HashSet;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The basic test.
#[tokio::test]
async fn a_lock_is_held_until_its_guard_is_dropped_and_other_locks_are_free_meanwhile() {
    let locks = Locks::new();
    let first = lock_from_ended_task(&locks, "a").await;
    let other = locks.lock_within("b", Duration::ZERO).await.unwrap();
    assert!(locks.lock_within("a", Duration::ZERO).await.is_err());
    drop(other);
    drop(first);
    let again = locks.lock_within("a", Duration::ZERO).await.unwrap();
    assert_eq!(again.key(), "a");
    drop(again);
    assert_no_entries(&locks);
}

/// Bad arguments.
#[tokio::test]
async fn a_blank_key_is_an_error_and_leaves_no_entry() {
    let locks = Locks::new();
    for name in ["", " ", "\t\n", "\u{a0}"] {
        assert_eq!(locks.lock(name).await.unwrap_err(), LockError::EmptyKey);
    }
    assert_no_entries(&locks);
}

/// Disposal is idempotent. The mistake to guard against here: a guard releases what another guard holds.
#[tokio::test]
async fn dropping_a_guard_releases_only_its_own_hold() {
    let locks = Locks::new();
    for _ in 0..3 {
        drop(lock_from_ended_task(&locks, "a").await);
    }
    let _held = lock_from_ended_task(&locks, "a").await;
    assert!(locks.lock_within("a", Duration::ZERO).await.is_err());
}

/// Timeouts.
#[tokio::test]
async fn a_wait_ends_at_its_deadline_be_it_zero_short_or_infinite() {
    let locks = Locks::new();
    let held = lock_from_ended_task(&locks, "a").await;
    for wait in [Duration::ZERO, Duration::from_millis(5)] {
        match locks.lock_within("a", wait).await.unwrap_err() {
            LockError::TimedOut { lock, waited, .. } => assert_eq!((&*lock, waited), ("a", wait)),
            error => panic!("{error}"),
        }
    }
    let mut endless = pin!(locks.lock_within("a", Duration::MAX));
    assert!(poll!(&mut endless).is_pending());
    assert_eq!(locks.list()[0].counters.timed_out, 2);
    drop(held);
    assert!(endless.await.is_ok());
    assert_no_entries(&locks);
}

/// Cancellation. A future is cancelled by dropping it.
#[tokio::test]
async fn a_lock_request_can_be_cancelled_before_during_and_after_its_wait() {
    let locks = Locks::new();
    drop(locks.lock("never polled"));
    assert_no_entries(&locks);

    let held = lock_from_ended_task(&locks, "a").await;
    let mut cancelled = Box::pin(locks.lock("a"));
    let mut granted = Box::pin(locks.lock("a"));
    assert!(poll!(&mut cancelled).is_pending());
    assert!(poll!(&mut granted).is_pending());
    assert_eq!(waiters(&locks, "a"), 2);
    drop(cancelled);
    assert_eq!(waiters(&locks, "a"), 1);

    // The lock is granted to `granted`, which is dropped before it is polled again.
    drop(held);
    drop(granted);
    assert_eq!(waiters(&locks, "a"), 0);
    assert!(
        locks
            .lock("a")
            .now_or_never()
            .is_some_and(|lock| lock.is_ok())
    );
    assert_no_entries(&locks);
}

/// Cancellation ends only the wait. A cancelled wait for a second lock leaves the first one held.
#[tokio::test]
async fn cancelling_a_wait_releases_no_held_lock() {
    let locks = Locks::new();
    let _held = lock_from_ended_task(&locks, "a").await;
    let (_mine, _theirs) = (
        locks.lock("b").await.unwrap(),
        lock_from_ended_task(&locks, "c").await,
    );
    assert!(locks.lock("c").now_or_never().is_none());
    assert!(locks.lock_within("a", Duration::ZERO).await.is_err());
    let b_is_held = matches!(locks.lock("b").await, Err(LockError::Reentrant { .. }));
    assert!(b_is_held);
}

/// Parallelism.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_on_many_threads_hold_a_lock_one_at_a_time() {
    let locks = Locks::new();
    let holders: Arc<[AtomicUsize; 2]> = Arc::default();
    let tasks: Vec<_> = (0..64)
        .map(|task: usize| {
            let (locks, holders) = (locks.clone(), Arc::clone(&holders));
            tokio::spawn(async move {
                for round in 0..50 {
                    let which = (task + round) % 2;
                    let _guard = locks.lock(["even", "odd"][which]).await.unwrap();
                    assert_eq!(holders[which].fetch_add(1, Ordering::SeqCst), 0);
                    if round % 3 == 0 {
                        tokio::task::yield_now().await;
                    }
                    holders[which].fetch_sub(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_no_entries(&locks);
}

/// Name escaping. Any text is a key. Two texts that differ in more than case and outer spaces are two locks.
#[tokio::test]
async fn every_text_is_a_valid_key_and_different_texts_are_different_locks() {
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

/// Name case: keys are compared without it, as in Kestrun.
#[tokio::test]
async fn outer_spaces_and_case_of_a_key_make_no_difference() {
    let locks = Locks::new();
    let _held = lock_from_ended_task(&locks, "Stra\u{df}e:\u{c4}pfel").await;
    for same in [" stra\u{df}e:\u{e4}pfel ", "STRA\u{df}E:\u{c4}PFEL"] {
        assert!(locks.lock_within(same, Duration::ZERO).await.is_err());
    }
    assert_eq!(locks.list().len(), 1);
}

/// Instances. All clones of a registry share its locks. Another registry has its own.
#[tokio::test]
async fn clones_of_a_registry_share_its_locks_and_other_registries_have_their_own() {
    let locks = Locks::new();
    let _held = lock_from_ended_task(&locks, "a").await;
    assert!(
        locks
            .clone()
            .lock_within("a", Duration::ZERO)
            .await
            .is_err()
    );
    assert!(Locks::new().lock_within("a", Duration::ZERO).await.is_ok());
}
