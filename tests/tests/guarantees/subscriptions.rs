//! Following one instance of a keyed state: every commit is heard of, and the latest one wins.

use crate::store::sample::is_waiting;
use kr_runtime::SharedMap;
use kr_runtime::prelude::*;
use std::pin::pin;

#[derive(Debug, Clone, Default, PartialEq, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart(u32);

#[derive(Debug, Clone, Default, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Coupon(u32);

#[derive(Host)]
struct Shop {
    carts: SharedMap<u64, Cart>,
    coupons: SharedMap<u64, Coupon>,
}

fn shop() -> Shop {
    Shop {
        carts: SharedMap::new(),
        coupons: SharedMap::new(),
    }
}

#[tokio::test]
async fn whoever_is_slow_gets_the_newest_value_once() {
    let carts = shop().carts;
    carts.update(&7, |cart| cart.0 = 1).await.unwrap();
    let mut cart = carts.subscribe(&7);
    // What was there before is no change.
    assert!(is_waiting(pin!(cart.changed()).as_mut()).await);
    for number in 2..5 {
        carts.update(&7, |cart| cart.0 = number).await.unwrap();
    }
    let newest = cart.changed().await.unwrap().unwrap();
    assert_eq!((newest.0, newest.revision()), (4, 4));
    assert!(is_waiting(pin!(cart.changed()).as_mut()).await);
    carts.update(&8, |cart| cart.0 = 9).await.unwrap();
    assert!(is_waiting(pin!(cart.changed()).as_mut()).await);
}

#[tokio::test]
async fn creation_and_removal_are_heard_of() {
    let carts = shop().carts;
    let mut cart = carts.subscribe(&7);
    assert!(carts.is_empty().await.unwrap());
    for round in 0..3 {
        carts.update(&7, |cart| cart.0 = round).await.unwrap();
        let made = cart.changed().await.unwrap().unwrap();
        assert_eq!((made.0, made.revision()), (round, u64::from(round) * 2 + 1));
        assert!(carts.remove(&7).await.unwrap());
        assert_eq!(cart.changed().await.unwrap().map(|cart| cart.0), None);
    }
    drop(cart);
    assert!(carts.locks().is_empty());
}

#[tokio::test]
async fn no_commit_is_missed_between_two_tasks() {
    let carts = shop().carts;
    let mut cart = carts.subscribe(&7);
    let follower = tokio::spawn(async move {
        let (mut last, mut count) = (0, 0);
        while last < 200 {
            let next = cart.changed().await.unwrap().unwrap();
            assert!(next.revision() > last);
            assert_eq!(u64::from(next.0), next.revision());
            last = next.revision();
            count += 1;
        }
        count
    });
    for number in 1..=200 {
        carts.update(&7, |cart| cart.0 = number).await.unwrap();
        if number % 7 == 0 {
            tokio::task::yield_now().await;
        }
    }
    assert!((1..=200).contains(&follower.await.unwrap()));
}

/// They share the lock, and its revisions.
#[tokio::test]
async fn a_commit_of_another_state_of_the_key_counts() {
    let shop = shop();
    // Registers both.
    let _ = App::new(
        "Shop",
        Shop {
            carts: shop.carts.clone(),
            coupons: shop.coupons.clone(),
        },
    );
    let mut cart = shop.carts.subscribe(&7);
    shop.coupons
        .update(&7, |coupon| coupon.0 = 5)
        .await
        .unwrap();
    let seen = cart.changed().await.unwrap().unwrap();
    assert_eq!((seen.0, seen.revision()), (0, 1));
}
