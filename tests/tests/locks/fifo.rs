//! Locks are granted in FIFO order, and no entry is left once nobody uses a key.

use crate::support::{assert_no_entries, lock_from_ended_task, waiters};
use futures_util::poll;
use kr_runtime::Locks;
use std::time::Duration;

#[tokio::test]
async fn a_new_request_does_not_overtake_a_waiter_even_at_the_moment_of_release() {
    let locks = Locks::new();
    let held = lock_from_ended_task(&locks, "a").await;
    let mut first = Box::pin(locks.lock("a"));
    assert!(poll!(&mut first).is_pending());
    drop(held);
    // `first` has been granted the lock, but has not been polled since.
    let new_request = tokio::spawn(locks.lock_within("a", Duration::ZERO)).await;
    assert!(new_request.unwrap().is_err(), "it overtook");
    assert!(poll!(&mut first).is_ready());
}

#[tokio::test]
async fn waiters_are_granted_in_fifo_order_even_if_they_are_polled_in_another() {
    let locks = Locks::new();
    let mut held = Some(lock_from_ended_task(&locks, "a").await);
    let mut queue: Vec<_> = (0..20).map(|_| Box::pin(locks.lock("a"))).collect();
    for waiter in &mut queue {
        assert!(poll!(waiter).is_pending());
    }
    assert_eq!(waiters(&locks, "a"), 20);
    while !queue.is_empty() {
        drop(held.take());
        // The last in the queue is polled first.
        for waiter in queue.iter_mut().skip(1).rev() {
            assert!(poll!(waiter).is_pending(), "it overtook");
        }
        held = Some(queue.remove(0).await.unwrap());
    }
    drop(held);
    assert_no_entries(&locks);
}

#[tokio::test]
async fn a_cancelled_waiter_moves_up_the_waiters_behind_it() {
    let locks = Locks::new();
    let held = lock_from_ended_task(&locks, "a").await;
    let mut queue: Vec<_> = (0..4).map(|_| Box::pin(locks.lock("a"))).collect();
    for waiter in &mut queue {
        assert!(poll!(waiter).is_pending());
    }
    drop(queue.remove(1));
    drop(queue.remove(0));
    assert_eq!(waiters(&locks, "a"), 2);
    drop(held);
    assert!(poll!(&mut queue[1]).is_pending());
    drop(queue.remove(0).await.unwrap());
    drop(queue.remove(0).await.unwrap());
    assert_no_entries(&locks);
}

#[tokio::test]
async fn a_lock_that_was_requested_but_not_yet_polled_is_not_removed() {
    let locks = Locks::new();
    let held = lock_from_ended_task(&locks, "a").await;
    // This request has found the entry, but has not joined the queue.
    let early = locks.lock("a");
    drop(held);
    let _held = lock_from_ended_task(&locks, "a").await;
    let mut early = Box::pin(early);
    assert!(poll!(&mut early).is_pending(), "the lock is held twice");
}

#[tokio::test]
async fn keys_that_were_locked_once_leave_no_entry() {
    let locks = Locks::new();
    for n in 0..10_000 {
        drop(locks.lock(&format!("cart:{n}")).await.unwrap());
    }
    assert_no_entries(&locks);
}

#[tokio::test]
async fn keys_of_cancelled_waits_leave_no_entry() {
    let locks = Locks::new();
    for n in 0..1000 {
        let name = format!("cart:{n}");
        let held = lock_from_ended_task(&locks, &name).await;
        let mut queued = Box::pin(locks.lock(&name));
        let mut granted = Box::pin(locks.lock(&name));
        let late = locks.lock_within(&name, Duration::ZERO);
        assert!(poll!(&mut granted).is_pending());
        assert!(poll!(&mut queued).is_pending());
        match n % 4 {
            0 => drop((queued, granted, held)),
            1 => drop((held, granted, queued)),
            2 => drop((granted, held, queued)),
            _ => assert!(late.await.is_err()),
        }
    }
    assert_no_entries(&locks);
}
