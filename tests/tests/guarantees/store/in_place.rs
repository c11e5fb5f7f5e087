//! A change in place has no draft to drop: readers wait until it is durable, and it is lost if the store does not keep it.

use super::sample::{Bank, Cash, is_waiting};
use kr_runtime::prelude::*;
use kr_runtime::{LockError, ReadError};
use kr_tests::Client;
use std::pin::pin;

#[tokio::test]
async fn readers_wait_until_a_change_in_place_is_durable() {
    let (bank, address, mut store) = Bank::open(5).await;
    let mut client = Client::connect(address).await;
    let mut change = pin!(client.post("/cash/in-place"));
    assert!(is_waiting(change.as_mut()).await);
    store.next_batch().await;
    let changing = bank.latest::<Cash>().map(|_| ());
    assert_eq!(
        changing,
        Err(ReadError::ChangingInPlace {
            lock: "cash".to_owned()
        })
    );
    let mut read = pin!(bank.read::<Cash>());
    assert!(is_waiting(read.as_mut()).await);
    store.keep();
    assert_eq!(read.await.unwrap().0, 6);
    assert_eq!(change.await.json(), 6);
}

#[tokio::test]
async fn the_next_change_starts_from_one_in_place_that_is_not_durable_yet() {
    let (bank, address, mut store) = Bank::open(5).await;
    let mut client = Client::connect(address).await;
    let mut change = pin!(client.post("/cash/in-place"));
    assert!(is_waiting(change.as_mut()).await);
    store.next_batch().await;
    // A draft is a copy of the head.
    let mut update = pin!(bank.pay_in());
    assert!(is_waiting(update.as_mut()).await);
    // Another one in place has to wait, since the store still needs the value as it is.
    let mut second = Client::connect(address).await;
    let mut second = pin!(second.post("/cash/in-place"));
    assert!(is_waiting(second.as_mut()).await);
    store.keep();
    assert_eq!(change.await.json(), 6);
    assert_eq!(store.keep_next().await.len(), 1);
    assert_eq!(update.await.unwrap(), Ok(7));
    store.keep_next().await;
    assert_eq!(second.await.json(), 8);
    assert_eq!(bank.seen(), (8, 3));
}

#[tokio::test]
async fn a_change_in_place_that_is_not_kept_damages_the_state_until_it_is_replaced() {
    let (bank, address, mut store) = Bank::open(5).await;
    let mut client = Client::connect(address).await;
    let mut change = pin!(client.post("/cash/in-place"));
    assert!(is_waiting(change.as_mut()).await);
    store.next_batch().await;
    store.refuse();
    let _ = change.await.problem(StatusCode::SERVICE_UNAVAILABLE);
    let damaged = bank.read::<Cash>().await.map(|_| ());
    assert!(
        matches!(damaged, Err(ReadError::Lock(LockError::Damaged { .. }))),
        "{damaged:?}"
    );
    let mut reset = pin!(bank.reset::<Cash>());
    assert!(is_waiting(reset.as_mut()).await);
    store.keep_next().await;
    reset.await.unwrap();
    assert_eq!(bank.read::<Cash>().await.unwrap().0, 5);
}
