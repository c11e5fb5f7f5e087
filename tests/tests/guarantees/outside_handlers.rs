//! The same operations outside handlers, as methods: for async code, for threads, and by name for tools.

use crate::sample_host::{Changes, Other, Pair, SampleHost};
use kr_runtime::prelude::*;
use kr_runtime::{LockError, Locks, SharedMap, StateByNameError, UpdateError};
use serde_json::json;
use std::thread;
use std::time::Duration;

#[test]
fn a_thread_without_a_runtime_can_read_update_and_lock() {
    let host = SampleHost::new();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let host = host.clone();
            thread::spawn(move || {
                for _ in 0..100 {
                    host.blocking_update(|pair: &mut Pair| pair.left += 1)
                        .unwrap();
                    let both =
                        host.blocking_update_many((&host.other, &host.pair), |(other, pair)| {
                            other.0 += 1;
                            pair.right += 1;
                        });
                    both.unwrap();
                }
            })
        })
        .collect();
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
    assert_eq!(
        *host.latest::<Pair>().unwrap(),
        Pair {
            left: 400,
            right: 400
        }
    );

    let failed: Result<(), UpdateError> = host.blocking_try_update(|pair: &mut Pair| {
        pair.left = 0;
        Err(LockError::EmptyKey.into())
    });
    assert_eq!(failed, Err(LockError::EmptyKey.into()));
    assert_eq!(host.latest::<Pair>().unwrap().left, 400);
}

#[test]
fn a_thread_waits_for_a_lock_until_its_deadline() {
    let locks = Locks::new();
    let held = locks.blocking_lock("a").unwrap();
    let waiting = {
        let locks = locks.clone();
        thread::spawn(move || {
            locks
                .blocking_lock_within("a", Duration::from_secs(20))
                .map(drop)
        })
    };
    let refused = {
        let locks = locks.clone();
        thread::spawn(move || {
            locks
                .blocking_lock_within("a", Duration::from_millis(10))
                .map(drop)
        })
    };
    let refused = refused.join().unwrap();
    assert!(
        matches!(refused, Err(LockError::TimedOut { .. })),
        "{refused:?}"
    );
    let again = locks.blocking_lock("a").map(drop);
    assert!(
        matches!(again, Err(LockError::Reentrant { .. })),
        "{again:?}"
    );
    drop(held);
    assert_eq!(waiting.join().unwrap(), Ok(()));
    assert_eq!(format!("{locks:?}"), "{}");
}

#[tokio::test]
async fn a_blocking_call_on_an_async_thread_panics() {
    let host = SampleHost::new();
    let blocked = std::panic::AssertUnwindSafe(|| host.blocking_update(|_: &mut Pair| ()));
    assert!(std::panic::catch_unwind(blocked).is_err());
}

#[tokio::test]
async fn states_can_be_listed_read_and_reset_by_name() {
    let host = SampleHost::new();
    host.update(|pair: &mut Pair| pair.left = 7).await.unwrap();
    let states = host.states().await.unwrap();
    let names: Vec<_> = states
        .iter()
        .map(|state| (state.name, state.lock, state.revision))
        .collect();
    assert_eq!(
        names,
        [
            ("Pair", "pair", Some(1)),
            ("Changes", "Pair ", Some(1)),
            ("Other", "other", Some(0))
        ]
    );
    assert_eq!(
        host.get_json("Pair").await.unwrap(),
        json!({"left": 7, "right": 0})
    );
    host.reset_by_name("Pair").await.unwrap();
    assert_eq!(
        host.get_json("Pair").await.unwrap(),
        json!({"left": 0, "right": 0})
    );
    let unknown = host.get_json("pair").await.unwrap_err().to_string();
    assert_eq!(
        unknown,
        "there is no state `pair`; there are `Pair`, `Changes`, `Other`"
    );
}

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "mute:{id}")]
struct Mute(u8);

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "loud:{id}")]
struct Loud(u8);

#[derive(Host)]
struct Tools {
    mute: SharedMap<u64, Mute>,
    loud: SharedMap<u64, Loud>,
}

#[tokio::test]
async fn the_json_of_a_keyed_state_is_an_object_of_its_instances() {
    let tools = Tools {
        mute: SharedMap::new(),
        loud: SharedMap::new(),
    };
    tools.loud.update(&7, |loud| loud.0 = 3).await.unwrap();
    tools.mute.update(&7, |mute| mute.0 = 3).await.unwrap();
    assert_eq!(tools.get_json("Loud").await.unwrap(), json!({"loud:7": 3}));
    assert_eq!(
        tools.get_json("Mute").await,
        Err(StateByNameError::NotSerializable { state: "Mute" })
    );
    let counts: Vec<_> = tools
        .states()
        .await
        .unwrap()
        .iter()
        .map(|state| (state.instances, state.has_json))
        .collect();
    assert_eq!(counts, [(Some(1), false), (Some(1), true)]);
    tools.reset_by_name("Loud").await.unwrap();
    assert!(tools.loud.is_empty().await.unwrap());
}

#[tokio::test]
async fn a_subscriber_is_notified_of_each_commit_of_the_lock() {
    let host = SampleHost::new();
    let mut revisions = host.subscribe::<Changes>().unwrap();
    host.update(|pair: &mut Pair| pair.left += 1).await.unwrap();
    revisions.changed().await.unwrap();
    assert_eq!(*revisions.borrow_and_update(), 1);
    host.update(|other: &mut Other| other.0 += 1).await.unwrap();
    assert!(!revisions.has_changed().unwrap());
}

/// Either order of nesting is correct by itself; both together can deadlock.
async fn outer_then_inner(locks: &Locks, outer: &str, inner: &str) -> Result<(), LockError> {
    let _outer = locks.lock(outer).await?;
    let _inner = locks.lock(inner).await?;
    Ok(())
}

#[cfg(debug_assertions)]
#[tokio::test]
async fn locks_nested_in_both_orders_are_reported_before_any_wait() {
    let locks = Locks::new();
    assert_eq!(outer_then_inner(&locks, "a", "b").await, Ok(()));
    assert_eq!(outer_then_inner(&locks, "b", "c").await, Ok(()));
    assert_eq!(outer_then_inner(&locks, "a", "c").await, Ok(()));
    let error = outer_then_inner(&locks, "c", "a").await.unwrap_err();
    let LockError::OutOfOrder {
        lock,
        held,
        here,
        there,
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!((lock.as_str(), held.as_str()), ("a", "c"));
    for call_site in [&here.0, &here.1, &there.0, &there.1] {
        assert!(call_site.contains("outside_handlers.rs:"), "{error}");
    }
    // The order is that of a registry: another registry has its own locks.
    assert_eq!(outer_then_inner(&Locks::new(), "c", "a").await, Ok(()));
}

#[cfg(debug_assertions)]
#[tokio::test]
async fn nesting_locks_against_the_order_of_a_joint_acquisition_is_reported() {
    let host = SampleHost::new();
    let app = App::new("SampleHost", host.clone());
    let locks = app.locks();
    host.update_many((&host.pair, &host.other), |_| ())
        .await
        .unwrap();
    // Joint acquisition sorts by key, "other" first.
    let _held = locks.lock("pair").await.unwrap();
    let error = host.update(|_: &mut Other| ()).await;
    assert!(
        matches!(error, Err(UpdateError::Lock(LockError::OutOfOrder { .. }))),
        "{error:?}"
    );
}
