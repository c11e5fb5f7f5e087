//! First come, first served, and nothing is left of those who come and go.

use crate::support::{nothing_is_left, taken, waiting};
use futures_util::poll;
use kr_runtime::Locks;
use std::time::Duration;

#[tokio::test]
async fn a_newcomer_does_not_overtake_who_waits_even_at_the_moment_of_the_release() {
    let locks = Locks::new();
    let held = taken(&locks, "a").await;
    let mut first = Box::pin(locks.lock("a"));
    assert!(poll!(&mut first).is_pending());
    drop(held);
    // `first` has been served and does not know yet.
    let newcomer = tokio::spawn(locks.lock_within("a", Duration::ZERO)).await;
    assert!(newcomer.unwrap().is_err(), "it overtook");
    assert!(poll!(&mut first).is_ready());
}

#[tokio::test]
async fn who_waits_is_served_in_the_order_of_asking_even_if_woken_in_another() {
    let locks = Locks::new();
    let mut held = Some(taken(&locks, "a").await);
    let mut line: Vec<_> = (0..20).map(|_| Box::pin(locks.lock("a"))).collect();
    for waiter in &mut line {
        assert!(poll!(waiter).is_pending());
    }
    assert_eq!(waiting(&locks, "a"), 20);
    while !line.is_empty() {
        drop(held.take());
        // The last in line looks first.
        for waiter in line.iter_mut().skip(1).rev() {
            assert!(poll!(waiter).is_pending(), "it overtook");
        }
        held = Some(line.remove(0).await.unwrap());
    }
    drop(held);
    nothing_is_left(&locks);
}

#[tokio::test]
async fn a_place_in_line_that_is_given_up_moves_the_others_up_and_nobody_else() {
    let locks = Locks::new();
    let held = taken(&locks, "a").await;
    let mut line: Vec<_> = (0..4).map(|_| Box::pin(locks.lock("a"))).collect();
    for waiter in &mut line {
        assert!(poll!(waiter).is_pending());
    }
    drop(line.remove(1));
    drop(line.remove(0));
    assert_eq!(waiting(&locks, "a"), 2);
    drop(held);
    assert!(poll!(&mut line[1]).is_pending());
    drop(line.remove(0).await.unwrap());
    drop(line.remove(0).await.unwrap());
    nothing_is_left(&locks);
}

#[tokio::test]
async fn a_name_that_is_asked_for_and_not_waited_for_yet_is_not_collected() {
    let locks = Locks::new();
    let held = taken(&locks, "a").await;
    // It has found the lock, and has not got in line.
    let early = locks.lock("a");
    drop(held);
    let _held = taken(&locks, "a").await;
    let mut early = Box::pin(early);
    assert!(poll!(&mut early).is_pending(), "the lock is held twice");
}

#[tokio::test]
async fn names_that_were_taken_once_leave_nothing() {
    let locks = Locks::new();
    for n in 0..10_000 {
        drop(locks.lock(&format!("cart:{n}")).await.unwrap());
    }
    nothing_is_left(&locks);
}

#[tokio::test]
async fn names_that_were_waited_for_in_vain_leave_nothing() {
    let locks = Locks::new();
    for n in 0..1000 {
        let name = format!("cart:{n}");
        let held = taken(&locks, &name).await;
        let mut in_line = Box::pin(locks.lock(&name));
        let mut served = Box::pin(locks.lock(&name));
        let late = locks.lock_within(&name, Duration::ZERO);
        assert!(poll!(&mut served).is_pending());
        assert!(poll!(&mut in_line).is_pending());
        match n % 4 {
            0 => drop((in_line, served, held)),
            1 => drop((held, served, in_line)),
            2 => drop((served, held, in_line)),
            _ => assert!(late.await.is_err()),
        }
    }
    nothing_is_left(&locks);
}
