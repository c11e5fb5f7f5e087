//! A response leaves when everything that it depends on is durable.

use super::sample::{Bank, is_waiting};
use kr_runtime::prelude::*;
use kr_tests::{Client, Response};
use std::pin::pin;
use std::time::Duration;
use tokio::time::{sleep, timeout};

#[tokio::test]
async fn a_response_waits_until_its_commit_is_durable() {
    for path in ["/cash", "/cash/async"] {
        let (bank, address, mut store) = Bank::open(5).await;
        let mut client = Client::connect(address).await;
        let mut response = pin!(client.post(path));
        // Longer than the hold timeout, which is over when the lock is released.
        assert!(is_waiting(response.as_mut()).await, "{path}");
        assert!(is_waiting(response.as_mut()).await, "{path}");
        store.next_batch().await;
        let mut reader = Client::connect(address).await;
        assert_eq!(reader.get("/cash").await.json(), 5);
        store.keep();
        assert_eq!(response.await.json(), 6, "{path}");
        assert_eq!(reader.get("/cash").await.json(), 6);
        assert_eq!(bank.seen(), (6, 1));
    }
}

#[tokio::test]
async fn a_change_that_is_not_kept_is_answered_with_503_and_later_ones_work() {
    for path in ["/cash", "/cash/async"] {
        let (bank, address, mut store) = Bank::open(5).await;
        let mut client = Client::connect(address).await;
        let mut response = pin!(client.post(path));
        assert!(is_waiting(response.as_mut()).await, "{path}");
        store.next_batch().await;
        store.refuse();
        let response: Response = response.await;
        assert_eq!(response.header("retry-after"), "1");
        assert_eq!(
            response.problem(StatusCode::SERVICE_UNAVAILABLE),
            "the change could not be kept, and nothing was changed; try again"
        );
        assert_eq!(bank.seen(), (5, 0));
        let mut client = Client::connect(address).await;
        let mut response = pin!(client.post(path));
        assert!(is_waiting(response.as_mut()).await, "{path}");
        store.keep_next().await;
        assert_eq!(response.await.json(), 6);
    }
}

#[tokio::test]
async fn an_unknown_outcome_is_said_to_be_unknown() {
    let (_bank, address, mut store) = Bank::open(5).await;
    let mut client = Client::connect(address).await;
    let mut response = pin!(client.post("/cash"));
    assert!(is_waiting(response.as_mut()).await);
    store.next_batch().await;
    store.lose();
    assert_eq!(
        response.await.problem(StatusCode::SERVICE_UNAVAILABLE),
        "it is not known whether the change was kept; look before you try again"
    );
}

/// Its text would tell a value that a crash could still take back.
#[tokio::test]
async fn an_error_response_waits_until_what_it_was_made_from_is_durable() {
    for (path, expected) in [("/cash/refuse", "there are 6"), ("/cash/look", "6")] {
        let (bank, address, mut store) = Bank::open(5).await;
        let update = bank.pay_in();
        store.next_batch().await;
        let mut client = Client::connect(address).await;
        let mut response = pin!(client.post(path));
        assert!(is_waiting(response.as_mut()).await, "{path}");
        store.keep();
        update.await.unwrap().unwrap();
        let response = response.await;
        assert!(response.text().contains(expected), "{}", response.text());
        assert_eq!(bank.seen(), (6, 1));
    }
}

#[tokio::test]
async fn an_error_response_that_was_made_from_what_is_not_kept_becomes_a_503() {
    let (bank, address, mut store) = Bank::open(5).await;
    let update = bank.pay_in();
    store.next_batch().await;
    let mut client = Client::connect(address).await;
    let mut response = pin!(client.post("/cash/refuse"));
    assert!(is_waiting(response.as_mut()).await);
    store.refuse();
    update.await.unwrap().unwrap_err();
    let _ = response.await.problem(StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_client_that_disconnects_while_its_change_is_written_does_not_stop_it() {
    for path in ["/cash", "/cash/async"] {
        let (bank, address, mut store) = Bank::open(5).await;
        let mut client = Client::connect(address).await;
        {
            let mut response = pin!(client.post(path));
            assert!(is_waiting(response.as_mut()).await);
        }
        store.next_batch().await;
        drop(client);
        sleep(Duration::from_millis(50)).await;
        store.keep();
        let seen = async {
            while bank.seen() != (6, 1) {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(10), seen).await.unwrap();
    }
}

#[tokio::test]
async fn a_cached_response_changes_when_the_commit_is_durable() {
    let (bank, address, mut store) = Bank::open(5).await;
    let mut client = Client::connect(address).await;
    let before = client.get("/cash/cached").await;
    let update = bank.pay_in();
    store.next_batch().await;
    let pending = client.get("/cash/cached").await;
    assert_eq!(pending.json(), 5);
    assert_eq!(pending.header("etag"), before.header("etag"));
    store.refuse();
    update.await.unwrap().unwrap_err();
    let refused = client.get("/cash/cached").await;
    assert_eq!(refused.header("etag"), before.header("etag"));

    let update = bank.pay_in();
    store.keep_next().await;
    update.await.unwrap().unwrap();
    let after = client.get("/cash/cached").await;
    assert_eq!(after.json(), 6);
    assert_ne!(after.header("etag"), before.header("etag"));
}
