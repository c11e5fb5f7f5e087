//! Locks whose holder or waiter is aborted, panics, or loses its runtime. The suite of `DistributedLock` calls this abandonment.

use crate::support::{assert_no_entries, lock_from_ended_task};
use kr_runtime::Locks;
use std::panic::resume_unwind;
use std::thread;
use tokio::runtime::{Handle, Runtime};

async fn assert_free(locks: &Locks) {
    drop(locks.lock("a").await.unwrap());
    assert_no_entries(locks);
}

#[tokio::test]
async fn an_aborted_task_releases_its_lock() {
    let locks = Locks::new();
    let guard = lock_from_ended_task(&locks, "a").await;
    let holding = tokio::spawn(async move {
        let _guard = guard;
        std::future::pending::<()>().await;
    });
    tokio::task::yield_now().await;
    holding.abort();
    assert_free(&locks).await;
}

#[tokio::test]
async fn a_panicking_task_releases_its_lock_without_poisoning_it() {
    let locks = Locks::new();
    let guard = lock_from_ended_task(&locks, "a").await;
    let holding = tokio::spawn(async move {
        let _guard = guard;
        resume_unwind(Box::new("a panic"));
    });
    assert!(holding.await.unwrap_err().is_panic());
    assert_free(&locks).await;
}

#[tokio::test]
async fn a_panicking_thread_releases_its_lock() {
    let locks = Locks::new();
    let guard = lock_from_ended_task(&locks, "a").await;
    let holding = thread::spawn(move || {
        let _guard = guard;
        resume_unwind(Box::new("a panic"));
    });
    assert!(holding.join().is_err());
    assert_free(&locks).await;
}

#[test]
fn a_runtime_that_shuts_down_releases_the_locks_and_cancels_the_waits_of_its_tasks() {
    let locks = Locks::new();
    let (ending, remaining) = (Runtime::new().unwrap(), Runtime::new().unwrap());
    ending.block_on(async {
        let guard = lock_from_ended_task(&locks, "a").await;
        tokio::spawn(async move {
            let _guard = guard;
            std::future::pending::<()>().await;
        });
        for _ in 0..3 {
            tokio::spawn(locks.lock("a"));
        }
        tokio::task::yield_now().await;
    });
    let next = remaining.spawn(locks.lock("a"));
    drop(ending);
    remaining.block_on(async { drop(next.await.unwrap().unwrap()) });
    remaining.block_on(assert_free(&locks));
}

#[tokio::test]
async fn a_blocking_thread_can_wait_for_a_lock_and_hold_it() {
    let locks = Locks::new();
    let guard = lock_from_ended_task(&locks, "a").await;
    let blocking = tokio::task::spawn_blocking({
        let (locks, handle) = (locks.clone(), Handle::current());
        move || drop(handle.block_on(locks.lock("a")).unwrap())
    });
    drop(guard);
    blocking.await.unwrap();
    assert_free(&locks).await;
}
