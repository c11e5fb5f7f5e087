//! A request with an `Idempotency-Key` is done once, and a client that repeats it gets the same response.

use http::Method;
use kr_runtime::__private::engine::{Batch, Engine, ResponseRecord, WriteError};
use kr_runtime::prelude::*;
use kr_runtime::{Idempotency, Store};
use kr_tests::Client;
use kr_tests::stores::manual_store;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{sleep, timeout};

mod sample_shop;
mod with_etag;

use sample_shop::{PERMITS, count, is_replay, post, start, start_with};

#[tokio::test]
async fn a_repeated_request_is_done_once() {
    for path in [
        "/plain",
        "/async",
        "/blocking",
        "/two",
        "/accounts/7",
        "/any/empty",
    ] {
        let mut client = start().await;
        let first = post(&mut client, path, "\"one\"", "").await;
        assert!(first.status.is_success() && !is_replay(&first), "{path}");
        // With quotes or without, it is the same key.
        for key in ["\"one\"", "one"] {
            let again = post(&mut client, path, key, "").await;
            assert!(is_replay(&again), "{path}");
            assert_eq!(
                (again.status, again.body),
                (first.status, first.body.clone())
            );
        }
        let other = post(&mut client, path, "\"two\"", "").await;
        assert!(!is_replay(&other));
        if path != "/accounts/7" {
            assert_eq!(count(&mut client).await, 2, "{path}");
        }
    }
}

#[tokio::test]
async fn a_request_without_a_key_is_done_each_time() {
    let mut client = start().await;
    assert_eq!(client.post("/plain").await.json(), 1);
    assert_eq!(client.post("/plain").await.json(), 2);
}

#[tokio::test]
async fn a_key_stands_for_one_request() {
    let mut client = start().await;
    post(&mut client, "/accounts/7", "k", "").await;
    for (path, body) in [
        ("/accounts/8", ""),
        ("/accounts/7?fast=1", ""),
        ("/accounts/7", "a body"),
        ("/plain", ""),
    ] {
        let other = post(&mut client, path, "k", body).await;
        let _ = other.problem(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let headers = [("idempotency-key", "k")];
    let other = client
        .send_with(Method::DELETE, "/accounts/7", &headers, "")
        .await;
    let _ = other.problem(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(count(&mut client).await, 0);
}

#[tokio::test]
async fn the_same_key_of_another_user_is_another_one() {
    let mut client = start().await;
    for (header, value, expected) in [
        ("authorization", "Bearer ann", 1),
        ("authorization", "Bearer bob", 2),
        ("cookie", "user=ann", 3),
        ("authorization", "Bearer ann", 1),
        ("cookie", "user=ann", 3),
    ] {
        let headers = [("idempotency-key", "k"), (header, value)];
        let response = client.send_with(Method::POST, "/plain", &headers, "").await;
        assert_eq!(response.json(), expected);
    }
}

#[tokio::test]
async fn an_application_says_who_the_client_is() {
    let by_user = Idempotency::new().client(|request| {
        let user = request
            .headers
            .get("x-user")
            .and_then(|user| user.to_str().ok());
        user.unwrap_or_default().to_owned()
    });
    let mut client = Client::connect(start_with(Store::memory(), by_user).await).await;
    for (token, user, expected) in [("1", "ann", 1), ("2", "ann", 1), ("2", "bob", 2)] {
        let headers = [
            ("idempotency-key", "k"),
            ("authorization", token),
            ("x-user", user),
        ];
        let response = client.send_with(Method::POST, "/plain", &headers, "").await;
        assert_eq!(response.json(), expected);
    }
}

#[tokio::test]
async fn a_header_that_is_no_key_is_refused() {
    let mut client = start().await;
    let long = "x".repeat(256);
    for key in ["", "\"\"", "\"open", "a b", "a, b", &long] {
        let response = post(&mut client, "/plain", key, "").await;
        let _ = response.problem(StatusCode::BAD_REQUEST);
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    let response = client.send_with(Method::POST, "/plain", &twice, "").await;
    let _ = response.problem(StatusCode::BAD_REQUEST);
    assert_eq!(count(&mut client).await, 0);
}

#[tokio::test]
async fn a_failed_call_is_not_kept() {
    let mut client = start().await;
    for (path, body, status) in [
        ("/plain", "refuse", StatusCode::CONFLICT),
        ("/plain", "panic", StatusCode::INTERNAL_SERVER_ERROR),
        ("/any/5xx", "", StatusCode::BAD_GATEWAY),
    ] {
        let key = format!("{path}{body}");
        for _ in 0..2 {
            let response = post(&mut client, path, &key, body).await;
            assert_eq!(response.status, status, "{path}");
            assert!(!is_replay(&response));
        }
    }
    assert_eq!(count(&mut client).await, 0);
}

#[tokio::test]
async fn a_response_that_cannot_be_kept_rolls_back() {
    let short = Idempotency::new().max_response_bytes(1000);
    let mut client = Client::connect(start_with(Store::memory(), short).await).await;
    for path in ["/any/stream", "/any/long"] {
        for _ in 0..2 {
            let response = post(&mut client, path, path, "").await;
            let detail = response.problem(StatusCode::INTERNAL_SERVER_ERROR);
            assert!(detail.contains("nothing was changed"), "{detail}");
        }
        assert_eq!(count(&mut client).await, 0);
        let without_a_key = client.post(path).await;
        assert_eq!(without_a_key.status, StatusCode::OK);
        client = Client::connect(
            start_with(Store::memory(), Idempotency::new().max_response_bytes(1000)).await,
        )
        .await;
    }
}

#[tokio::test]
async fn what_describes_the_response_is_replayed_and_what_is_of_the_moment_is_not() {
    let mut client = start().await;
    let first = post(&mut client, "/any/headers", "k", "").await;
    assert_eq!(first.header("set-cookie"), "session=1");
    let again = post(&mut client, "/any/headers", "k", "").await;
    assert!(is_replay(&again));
    assert_eq!(
        (again.status, again.text().as_str()),
        (StatusCode::CREATED, "made")
    );
    assert_eq!(again.header("location"), "/sold/1");
    assert_eq!(again.header("etag"), "\"7\"");
    assert_eq!(again.header("content-type"), "text/special");
    assert_eq!(again.header("content-length"), "4");
    assert_eq!(again.header("set-cookie"), "");
    assert!(!again.header("date").contains("1970"));
}

#[tokio::test]
async fn a_call_that_changes_nothing_is_kept_as_well() {
    let mut client = start().await;
    let delete = [("idempotency-key", "k")];
    let first = client
        .send_with(Method::DELETE, "/accounts/1", &delete, "")
        .await;
    assert_eq!(first.json(), false);
    client.post("/accounts/1").await;
    let again = client
        .send_with(Method::DELETE, "/accounts/1", &delete, "")
        .await;
    assert!(is_replay(&again));
    assert_eq!(again.json(), false);
}

/// The first client goes away while the handler runs.
#[tokio::test]
async fn a_request_is_running_until_it_is_done_and_its_response_is_there_for_the_next_one() {
    let address = start_with(Store::memory(), Idempotency::new()).await;
    let mut first = Client::connect(address).await;
    let impatient = timeout(
        Duration::from_millis(50),
        post(&mut first, "/waits", "k", ""),
    );
    impatient.await.unwrap_err();
    drop(first);
    let mut second = Client::connect(address).await;
    let running = post(&mut second, "/waits", "k", "").await;
    assert_eq!(running.header("retry-after"), "1");
    let _ = running.problem(StatusCode::CONFLICT);
    PERMITS.add_permits(1);
    let done = loop {
        let response = post(&mut second, "/waits", "k", "").await;
        if response.status != StatusCode::CONFLICT {
            break response;
        }
        sleep(Duration::from_millis(5)).await;
    };
    assert!(is_replay(&done));
    assert_eq!(done.json(), 1);
}

#[tokio::test]
async fn a_response_is_replayed_when_its_commit_is_durable_and_not_before() {
    let (store, mut control) = manual_store();
    let address = start_with(store, Idempotency::new()).await;
    for is_kept in [false, true] {
        let mut first = Client::connect(address).await;
        let first = tokio::spawn(async move { post(&mut first, "/two", "k", "").await });
        control.next_batch().await;
        let mut second = Client::connect(address).await;
        let pending = post(&mut second, "/two", "k", "").await;
        assert_eq!(pending.status, StatusCode::CONFLICT);
        match is_kept {
            true => control.keep(),
            false => control.refuse(),
        }
        let first = first.await.unwrap();
        match is_kept {
            true => assert_eq!(first.text(), "[1,10]"),
            false => assert_eq!(first.status, StatusCode::SERVICE_UNAVAILABLE),
        }
        if is_kept {
            let again = post(&mut second, "/two", "k", "").await;
            assert!(is_replay(&again));
            assert_eq!(again.text(), "[1,10]");
        }
    }
}

/// The first client goes away while the store writes.
#[tokio::test]
async fn a_client_that_is_gone_before_its_commit_is_durable_finds_the_response_later() {
    let (store, mut control) = manual_store();
    let address = start_with(store, Idempotency::new()).await;
    let mut first = Client::connect(address).await;
    let impatient = timeout(
        Duration::from_millis(50),
        post(&mut first, "/plain", "k", ""),
    );
    impatient.await.unwrap_err();
    drop(first);
    control.next_batch().await;
    let mut second = Client::connect(address).await;
    let pending = post(&mut second, "/plain", "k", "").await;
    assert_eq!(pending.status, StatusCode::CONFLICT);
    control.keep();
    while count(&mut second).await == 0 {
        sleep(Duration::from_millis(5)).await;
    }
    assert!(is_replay(&post(&mut second, "/plain", "k", "").await));
}

/// What a store has written, by the bytes.
#[derive(Clone, Default)]
struct Disk(Arc<Mutex<Vec<Vec<u8>>>>);

impl Engine for Disk {
    fn write(&mut self, batch: &Batch) -> Result<(), WriteError> {
        let responses = batch
            .commits
            .iter()
            .filter_map(|commit| commit.response.as_ref());
        let written = responses.map(ResponseRecord::to_bytes);
        self.0.lock().unwrap().extend(written);
        Ok(())
    }

    fn kept_responses(&mut self) -> Vec<ResponseRecord> {
        let read = |bytes: &Vec<u8>| {
            let an_hour = Duration::from_secs(3600);
            ResponseRecord::from_bytes(bytes, an_hour)
        };
        self.0.lock().unwrap().iter().filter_map(read).collect()
    }
}

#[tokio::test]
async fn a_store_that_is_opened_again_has_the_responses() {
    let disk = Disk::default();
    for (path, key) in [("/plain", "a"), ("/any/empty", "b")] {
        let address = start_with(Store::with_engine(disk.clone()), Idempotency::new()).await;
        let mut client = Client::connect(address).await;
        let first = post(&mut client, path, key, "").await;
        let address = start_with(Store::with_engine(disk.clone()), Idempotency::new()).await;
        let mut client = Client::connect(address).await;
        let again = post(&mut client, path, key, "").await;
        assert!(is_replay(&again));
        assert_eq!((again.status, again.body), (first.status, first.body));
        assert_eq!(count(&mut client).await, 0);
    }
}

#[tokio::test]
async fn a_response_is_kept_for_its_time() {
    let short = Idempotency::new().keep_for(Duration::from_millis(30));
    let mut client = Client::connect(start_with(Store::memory(), short).await).await;
    assert_eq!(post(&mut client, "/plain", "k", "").await.json(), 1);
    sleep(Duration::from_millis(40)).await;
    assert_eq!(post(&mut client, "/plain", "k", "").await.json(), 2);
}

/// Many clients repeat each request at once, and some of them go away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repetitions_at_once_do_a_request_once() {
    let address = start_with(Store::memory(), Idempotency::new()).await;
    let clients = (0..8).map(|number| {
        tokio::spawn(async move {
            let mut client = Client::connect(address).await;
            for key in 0..50 {
                let path = ["/plain", "/async", "/two", "/blocking"][key % 4];
                let key = key.to_string();
                loop {
                    let request = post(&mut client, path, &key, "");
                    let patience = Duration::from_micros(if number % 2 == 0 {
                        300
                    } else {
                        u64::from(u32::MAX)
                    });
                    match timeout(patience, request).await {
                        Err(_) => client = Client::connect(address).await,
                        Ok(response) if response.status == StatusCode::CONFLICT => {
                            sleep(Duration::from_millis(1)).await;
                        }
                        Ok(response) => {
                            assert_eq!(response.status, StatusCode::OK);
                            break;
                        }
                    }
                    if number % 2 == 0 {
                        break;
                    }
                }
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    let mut client = Client::connect(address).await;
    assert_eq!(count(&mut client).await, 50);
}
