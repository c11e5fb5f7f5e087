//! Locks that are not given back in the ordinary way: what the contract suite calls abandonment, in one process.

use crate::support::{nothing_is_left, taken};
use kr_runtime::Locks;
use std::panic::resume_unwind;
use std::thread;
use tokio::runtime::{Handle, Runtime};

async fn is_free(locks: &Locks) {
    drop(locks.lock("a").await.unwrap());
    nothing_is_left(locks);
}

#[tokio::test]
async fn a_task_that_is_stopped_while_it_holds_a_lock_gives_it_back() {
    let locks = Locks::new();
    let guard = taken(&locks, "a").await;
    let holding = tokio::spawn(async move {
        let _guard = guard;
        std::future::pending::<()>().await;
    });
    tokio::task::yield_now().await;
    holding.abort();
    is_free(&locks).await;
}

#[tokio::test]
async fn a_task_that_panics_while_it_holds_a_lock_gives_it_back_and_nothing_is_poisoned() {
    let locks = Locks::new();
    let guard = taken(&locks, "a").await;
    let holding = tokio::spawn(async move {
        let _guard = guard;
        resume_unwind(Box::new("a panic"));
    });
    assert!(holding.await.unwrap_err().is_panic());
    is_free(&locks).await;
}

#[tokio::test]
async fn a_thread_that_panics_while_it_holds_a_lock_gives_it_back() {
    let locks = Locks::new();
    let guard = taken(&locks, "a").await;
    let holding = thread::spawn(move || {
        let _guard = guard;
        resume_unwind(Box::new("a panic"));
    });
    assert!(holding.join().is_err());
    is_free(&locks).await;
}

#[test]
fn a_runtime_that_ends_gives_back_what_its_tasks_hold_and_forgets_who_waits() {
    let locks = Locks::new();
    let (ends, stays) = (Runtime::new().unwrap(), Runtime::new().unwrap());
    ends.block_on(async {
        let guard = taken(&locks, "a").await;
        tokio::spawn(async move {
            let _guard = guard;
            std::future::pending::<()>().await;
        });
        for _ in 0..3 {
            tokio::spawn(locks.lock("a"));
        }
        tokio::task::yield_now().await;
    });
    let next = stays.spawn(locks.lock("a"));
    drop(ends);
    stays.block_on(async { drop(next.await.unwrap().unwrap()) });
    stays.block_on(is_free(&locks));
}

#[tokio::test]
async fn a_thread_without_a_task_can_wait_for_a_lock_and_hold_it() {
    let locks = Locks::new();
    let guard = taken(&locks, "a").await;
    let blocking = tokio::task::spawn_blocking({
        let (locks, handle) = (locks.clone(), Handle::current());
        move || drop(handle.block_on(locks.lock("a")).unwrap())
    });
    drop(guard);
    blocking.await.unwrap();
    is_free(&locks).await;
}
