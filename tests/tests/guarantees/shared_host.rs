//! Two applications over clones of one host: the same states, and the same locks.

use kr_runtime::prelude::*;
use kr_runtime::{LockError, Locks, SharedMap, UpdateError};
use std::time::Duration;
use tokio::sync::oneshot;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "totals")]
struct Totals(u32);

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart(u32);

#[derive(Clone, Host)]
struct Shop {
    totals: Shared<Totals>,
    carts: SharedMap<u32, Cart>,
}

fn shop() -> Shop {
    Shop {
        totals: Shared::new(Totals::default()),
        carts: SharedMap::new(),
    }
}

const SOON: Duration = Duration::from_millis(20);

fn is_timeout<T>(result: &Result<T, UpdateError>) -> bool {
    matches!(result, Err(UpdateError::Lock(LockError::TimedOut { waited, .. })) if *waited == SOON)
}

fn is_queue_full<T>(result: &Result<T, UpdateError>) -> bool {
    matches!(
        result,
        Err(UpdateError::Lock(LockError::QueueFull { waiting: 0, .. }))
    )
}

#[tokio::test]
async fn applications_over_clones_of_a_host_share_its_named_locks() {
    let site = shop();
    let (public, admin) = (App::new("public", site.clone()), App::new("admin", site));
    let held = public.locks().lock("reindex").await.unwrap();
    let refused = admin.locks().lock_within(" Reindex", Duration::ZERO).await;
    assert!(matches!(refused, Err(LockError::Reentrant { .. })));
    drop(held);
    assert!(
        admin
            .locks()
            .lock_within("reindex", Duration::ZERO)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_application_shares_the_locks_of_a_host_that_was_used_before() {
    let site = shop();
    site.update(|totals: &mut Totals| totals.0 += 1)
        .await
        .unwrap();
    let app = App::new("public", site.clone());
    let held = app.locks().lock("totals").await.unwrap();
    assert!(site.locks()[0].holder.is_some());
    drop(held);
}

#[tokio::test]
async fn states_that_two_hosts_share_have_their_names_in_both() {
    #[derive(Host)]
    struct Other {
        carts: SharedMap<u32, Cart>,
        totals: Shared<Totals>,
    }
    let site = shop();
    let first = App::new("first", site.clone());
    let second = App::new(
        "second",
        Other {
            carts: site.carts.clone(),
            totals: site.totals.clone(),
        },
    );
    for name in ["totals", "cart:7"] {
        let held = first.locks().lock(name).await.unwrap();
        let refused = second.locks().lock_within(name, Duration::ZERO).await;
        assert!(refused.is_err(), "{name} has two locks");
        drop(held);
    }
}

/// Holds the lock of that name while `run` runs.
async fn while_held<T>(locks: &Locks, lock: &str, run: impl Future<Output = T>) -> T {
    let locks = locks.clone();
    let (held, is_held) = oneshot::channel();
    let (end, ended) = oneshot::channel::<()>();
    let lock = lock.to_owned();
    // In a task of its own, since a task that asks for a lock that it holds is an error.
    let holder = tokio::spawn(async move {
        let _guard = locks.lock(&lock).await.unwrap();
        held.send(()).unwrap();
        let _ = ended.await;
    });
    is_held.await.unwrap();
    let result = run.await;
    drop(end);
    holder.await.unwrap();
    result
}

#[tokio::test]
async fn the_lock_timeout_of_an_application_holds_for_its_code() {
    let site = shop();
    let app = App::new("shop", site.clone()).lock_timeout(SOON);
    let locks = app.locks();
    let _router = app.into_router().unwrap();
    let totals = while_held(
        &locks,
        "totals",
        site.update(|totals: &mut Totals| totals.0 += 1),
    )
    .await;
    assert!(is_timeout(&totals), "{totals:?}");
    let both = (&site.totals, &site.carts.at(&7));
    let both = site.update_many(both, |(totals, cart)| totals.0 += cart.0);
    let both = while_held(&locks, "cart:7", both).await;
    assert!(is_timeout(&both), "{both:?}");
    let cart = while_held(&locks, "cart:7", site.carts.update(&7, |cart| cart.0 += 1)).await;
    assert!(is_timeout(&cart), "{cart:?}");
    let named = while_held(&locks, "reindex", locks.lock("reindex")).await;
    assert!(matches!(named, Err(LockError::TimedOut { waited, .. }) if waited == SOON));
}

#[tokio::test]
async fn the_bound_on_waiters_of_an_application_holds_for_its_code() {
    let site = shop();
    let app = App::new("shop", site.clone()).max_waiters(0);
    let locks = app.locks();
    let _router = app.into_router().unwrap();
    let totals = while_held(
        &locks,
        "totals",
        site.update(|totals: &mut Totals| totals.0 += 1),
    )
    .await;
    assert!(is_queue_full(&totals), "{totals:?}");
    let cart = while_held(&locks, "cart:7", site.carts.update(&7, |cart| cart.0 += 1)).await;
    assert!(is_queue_full(&cart), "{cart:?}");
    let named = while_held(&locks, "reindex", locks.lock_within("reindex", SOON)).await;
    assert!(matches!(
        named,
        Err(LockError::QueueFull { waiting: 0, .. })
    ));
}
