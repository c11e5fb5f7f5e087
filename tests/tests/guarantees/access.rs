//! The borrow picks the access: `&S` is the last committed value and waits for no writer, `&mut S` is exclusive.

use crate::sample_host::{Pair, SampleHost};
use kr_runtime::Host;
use kr_tests::Client;
use serde_json::json;
use std::time::Instant;

#[tokio::test]
async fn a_read_during_a_long_write_returns_the_old_value_at_once() {
    let (host, mut reader, address) = SampleHost::start().await;
    let writing = tokio::spawn(async move {
        let mut writer = Client::connect(address).await;
        writer.post("/change-slowly/2000").await.json()
    });
    host.wait_until_held_with(0).await;
    for _ in 0..100 {
        assert_eq!(
            reader.get("/pair").await.json(),
            json!({"left": 0, "right": 0})
        );
    }
    assert!(!writing.is_finished(), "the reads waited for the write");
    assert_eq!(writing.await.unwrap(), json!({"left": 1, "right": 1}));
    assert_eq!(
        reader.get("/pair").await.json(),
        json!({"left": 1, "right": 1})
    );
}

#[tokio::test]
async fn a_writer_does_not_wait_for_a_reader() {
    let host = SampleHost::new();
    let kept = host.latest::<Pair>().unwrap();
    host.update(|pair: &mut Pair| pair.left = 7).await.unwrap();
    assert_eq!(kept.left, 0);
    assert_eq!(host.latest::<Pair>().unwrap().left, 7);
}

#[tokio::test]
async fn writers_are_granted_the_lock_in_the_order_of_their_arrival() {
    let host = SampleHost::new();
    let address = host.serve().await;
    let holding = tokio::spawn(async move {
        Client::connect(address)
            .await
            .post("/change-slowly/1000")
            .await
    });
    host.wait_until_held_with(0).await;
    let mut waiting = Vec::new();
    for before in 0..10 {
        waiting.push(tokio::spawn(async move {
            let response = Client::connect(address).await.post("/change").await.json();
            (Instant::now(), response["left"].as_u64().unwrap())
        }));
        host.wait_until_held_with(before + 1).await;
    }
    assert!(!holding.is_finished(), "the queue formed too late");
    let mut order = Vec::new();
    for waiter in waiting {
        order.push(waiter.await.unwrap().1);
    }
    assert_eq!(order, (2..=11).collect::<Vec<_>>());
}

#[tokio::test]
async fn every_commit_has_its_own_revision() {
    let host = SampleHost::new();
    assert_eq!(host.latest::<Pair>().unwrap().revision(), 0);
    for revision in 1..=5 {
        host.update(|pair: &mut Pair| pair.left += 1).await.unwrap();
        assert_eq!(host.latest::<Pair>().unwrap().revision(), revision);
    }
}

#[tokio::test]
async fn a_subscriber_is_notified_of_the_commits_of_handlers() {
    let (host, mut client, _) = SampleHost::start().await;
    client.post("/change").await;
    let mut revisions = host.subscribe::<Pair>().unwrap();
    assert_eq!(*revisions.borrow(), 1);
    assert!(
        !revisions.has_changed().unwrap(),
        "this commit is older than the subscription"
    );
    client.post("/fail").await;
    assert!(!revisions.has_changed().unwrap(), "nothing was committed");
    client.post("/change").await;
    revisions.changed().await.unwrap();
    assert_eq!(*revisions.borrow_and_update(), 2);
}

#[tokio::test]
async fn a_state_in_two_hosts_is_one_state_under_one_lock() {
    let one = SampleHost::new();
    let two = SampleHost {
        pair: one.pair.clone(),
        ..SampleHost::new()
    };
    let (mut first, mut second) = (
        Client::connect(one.serve().await).await,
        Client::connect(two.serve().await).await,
    );
    assert_eq!(first.post("/change").await.json()["left"], 1);
    assert_eq!(second.post("/change").await.json()["left"], 2);
    assert_eq!(first.get("/pair").await.json()["left"], 2);
}
