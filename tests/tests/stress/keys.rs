//! Many keys, each used once: they leave nothing behind, however the use ends.

use crate::config::{Config, StoreKind, assert_memory_is_freed, one_at_a_time, resident_kilobytes};
use futures_util::{FutureExt, poll};
use kr_runtime::prelude::*;
use kr_runtime::{LockGuard, Locks, SharedMap, UpdateError};
use std::panic::AssertUnwindSafe;
use std::time::Duration;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart {
    items: Vec<String>,
}

#[derive(Clone, Host)]
struct Shop {
    carts: SharedMap<u64, Cart>,
}

#[derive(Debug)]
struct ChangeError;

impl From<UpdateError> for ChangeError {
    fn from(_: UpdateError) -> Self {
        Self
    }
}

impl Cart {
    fn fill(&mut self) {
        self.items.push("a helmet, and a bell".to_owned());
    }
}

/// Locks `name` in a task that then ends, so that the next request waits instead of being a re-entry.
async fn lock_from_ended_task(locks: &Locks, name: &str) -> LockGuard {
    tokio::spawn(locks.lock(name)).await.unwrap().unwrap()
}

/// Two requests wait for a held lock. Cancels them in one of several orders, before or after the grant.
fn cancel_in_some_order<A, B, C>(n: u64, held: A, first: B, second: C) {
    match n % 4 {
        0 => drop((first, second, held)),
        1 => drop((held, first, second)),
        2 => drop((second, held, first)),
        _ => drop((held, second, first)),
    }
}

/// Uses as many keys as a stress test has requests.
fn use_each_key_once(once: impl AsyncFnMut(u64)) {
    let _exclusive = one_at_a_time();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(all(once));
}

async fn all(mut once: impl AsyncFnMut(u64)) {
    let keys = Config::from_env(20_000, StoreKind::Memory).requests as u64;
    let mut before = None;
    for part in [0..keys / 10, keys / 10..keys] {
        for n in part {
            once(n).await;
        }
        before = before.or_else(resident_kilobytes);
    }
    assert_memory_is_freed(before, resident_kilobytes(), 2 * 1024);
}

fn assert_no_entries(locks: &Locks) {
    assert_eq!(format!("{locks:?}"), "{}");
    assert_eq!(locks.list(), []);
}

#[test]
fn keys_that_are_locked_once_leave_no_memory() {
    let locks = Locks::new();
    use_each_key_once(async |n| drop(locks.lock(&format!("cart:{n}")).await.unwrap()));
    assert_no_entries(&locks);
}

#[test]
fn keys_of_cancelled_waits_leave_no_memory() {
    let locks = Locks::new();
    use_each_key_once(async |n| {
        let name = format!("cart:{n}");
        let held = lock_from_ended_task(&locks, &name).await;
        // The longer wait comes first, or second.
        let waits = [3600, 60 + n % 2 * 7000].map(Duration::from_secs);
        let [mut first, mut second] = waits.map(|wait| Box::pin(locks.lock_within(&name, wait)));
        assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
        cancel_in_some_order(n, held, first, second);
    });
    assert_no_entries(&locks);
}

/// The shop, and the registry of its application, which has the locks of the carts by key.
fn shop() -> (Shop, Locks) {
    let shop = Shop {
        carts: SharedMap::new(),
    };
    let app = App::new("Shop", shop.clone());
    (shop, app.locks())
}

impl Shop {
    fn assert_empty(&self) {
        let keys = self.carts.keys().now_or_never();
        assert!(keys.unwrap().unwrap().is_empty());
        assert_eq!(self.carts.locks(), []);
    }
}

#[test]
fn instances_that_are_only_read_or_rolled_back_leave_no_memory() {
    let (shop, locks) = shop();
    use_each_key_once(async |n| match n % 3 {
        0 => assert!(shop.carts.latest(&n).unwrap().items.is_empty()),
        1 => {
            let changed = shop.carts.try_update(&n, |cart| {
                cart.fill();
                Err::<(), _>(ChangeError)
            });
            assert!(changed.await.is_err());
        }
        _ => {
            let changed = shop.carts.update(&n, |cart| {
                cart.fill();
                std::panic::resume_unwind(Box::new("half done"));
            });
            assert!(AssertUnwindSafe(changed).catch_unwind().await.is_err());
        }
    });
    shop.assert_empty();
    assert_no_entries(&locks);
}

#[test]
fn instances_of_cancelled_waits_leave_no_memory() {
    let (shop, locks) = shop();
    use_each_key_once(async |n| {
        let held = lock_from_ended_task(&locks, &shop.carts.lock_key(&n)).await;
        let mut first = Box::pin(shop.carts.update(&n, Cart::fill));
        let mut second = Box::pin(shop.carts.remove(&n));
        assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
        cancel_in_some_order(n, held, first, second);
    });
    shop.assert_empty();
    assert_no_entries(&locks);
}

#[test]
fn removed_instances_leave_no_memory() {
    let (shop, locks) = shop();
    use_each_key_once(async |n| {
        shop.carts.update(&n, Cart::fill).await.unwrap();
        assert_eq!(shop.carts.len().await.unwrap(), 1);
        assert_eq!(shop.carts.remove(&n).await, Ok(true));
    });
    shop.assert_empty();
    assert_no_entries(&locks);
}
