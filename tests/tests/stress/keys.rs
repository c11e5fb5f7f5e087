//! Very many keys, each used once: they leave nothing, however the use ended.

use crate::config::{Weather, alone, memory, memory_is_back};
use futures_util::{FutureExt, poll};
use kr_runtime::prelude::*;
use kr_runtime::{LockError, LockGuard, Locks, SharedMap};
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
struct Refused;

impl From<LockError> for Refused {
    fn from(_: LockError) -> Self {
        Self
    }
}

impl Cart {
    fn fill(&mut self) {
        self.items.push("a helmet, and a bell".to_owned());
    }
}

/// By a task that has ended: whoever asks next waits.
async fn taken(locks: &Locks, name: &str) -> LockGuard {
    tokio::spawn(locks.lock(name)).await.unwrap().unwrap()
}

/// Two wait for what is held. They are given up in one of several orders, before they have been served or after.
fn given_up<A, B, C>(n: u64, held: A, first: B, second: C) {
    match n % 4 {
        0 => drop((first, second, held)),
        1 => drop((held, first, second)),
        2 => drop((second, held, first)),
        _ => drop((held, second, first)),
    }
}

/// Uses as many keys as a storm has requests.
fn each_once(once: impl AsyncFnMut(u64)) {
    let _alone = alone();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(all(once));
}

async fn all(mut once: impl AsyncFnMut(u64)) {
    let keys = Weather::of_today(20_000).requests as u64;
    let mut before = None;
    for part in [0..keys / 10, keys / 10..keys] {
        for n in part {
            once(n).await;
        }
        before = before.or_else(memory);
    }
    memory_is_back(before, memory(), 2 * 1024);
}

fn no_name_is_left(locks: &Locks) {
    assert_eq!(format!("{locks:?}"), "{}");
    assert_eq!(locks.list(), []);
}

#[test]
fn names_that_are_taken_once_leave_no_memory() {
    let locks = Locks::new();
    each_once(async |n| drop(locks.lock(&format!("cart:{n}")).await.unwrap()));
    no_name_is_left(&locks);
}

#[test]
fn names_that_are_waited_for_and_given_up_leave_no_memory() {
    let locks = Locks::new();
    each_once(async |n| {
        let name = format!("cart:{n}");
        let held = taken(&locks, &name).await;
        // The longer wait comes first, or the shorter one.
        let waits = [3600, 60 + n % 2 * 7000].map(Duration::from_secs);
        let [mut first, mut second] = waits.map(|wait| Box::pin(locks.lock_within(&name, wait)));
        assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
        given_up(n, held, first, second);
    });
    no_name_is_left(&locks);
}

/// The locks of the carts are those of the application, by name.
fn shop() -> (Shop, Locks) {
    let shop = Shop {
        carts: SharedMap::new(),
    };
    let app = App::new("Shop", shop.clone());
    (shop, app.locks())
}

impl Shop {
    fn has_nothing_left(&self) {
        assert!(self.carts.keys().is_empty());
        assert_eq!(self.carts.locks(), []);
    }
}

#[test]
fn instances_that_are_read_or_changed_in_vain_leave_no_memory() {
    let (shop, locks) = shop();
    each_once(async |n| match n % 3 {
        0 => assert!(shop.carts.read(&n).items.is_empty()),
        1 => {
            let changed = shop.carts.try_update(&n, |cart| {
                cart.fill();
                Err::<(), _>(Refused)
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
    shop.has_nothing_left();
    no_name_is_left(&locks);
}

#[test]
fn instances_that_are_waited_for_and_given_up_leave_no_memory() {
    let (shop, locks) = shop();
    each_once(async |n| {
        let held = taken(&locks, &shop.carts.lock_key(&n)).await;
        let mut first = Box::pin(shop.carts.update(&n, Cart::fill));
        let mut second = Box::pin(shop.carts.remove(&n));
        assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
        given_up(n, held, first, second);
    });
    shop.has_nothing_left();
    no_name_is_left(&locks);
}

#[test]
fn instances_that_are_changed_and_removed_leave_no_memory() {
    let (shop, locks) = shop();
    each_once(async |n| {
        shop.carts.update(&n, Cart::fill).await.unwrap();
        assert_eq!(shop.carts.len(), 1);
        assert_eq!(shop.carts.remove(&n).await, Ok(true));
    });
    shop.has_nothing_left();
    no_name_is_left(&locks);
}
