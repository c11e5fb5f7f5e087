//! The borrow picks the access: `&S` is the last committed value and waits for nobody, `&mut S` is exclusive.

use crate::sample_host::{Pair, Store};
use kr_runtime::Host;
use kr_tests::Client;
use serde_json::json;
use std::time::Instant;

#[tokio::test]
async fn a_read_during_a_long_write_answers_at_once_with_the_old_value() {
    let (store, mut reader, address) = Store::start().await;
    let writing = tokio::spawn(async move {
        let mut writer = Client::connect(address).await;
        writer.post("/change-slowly/2000").await.json()
    });
    store.is_held_with(0).await;
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
    let store = Store::new();
    let kept = store.read::<Pair>();
    store.update(|pair: &mut Pair| pair.left = 7).await.unwrap();
    assert_eq!(kept.left, 0);
    assert_eq!(store.read::<Pair>().left, 7);
}

#[tokio::test]
async fn writers_take_turns_in_the_order_in_which_they_came() {
    let store = Store::new();
    let address = store.serve().await;
    let holding = tokio::spawn(async move {
        Client::connect(address)
            .await
            .post("/change-slowly/1000")
            .await
    });
    store.is_held_with(0).await;
    let mut waiting = Vec::new();
    for before in 0..10 {
        waiting.push(tokio::spawn(async move {
            let answer = Client::connect(address).await.post("/change").await.json();
            (Instant::now(), answer["left"].as_u64().unwrap())
        }));
        store.is_held_with(before + 1).await;
    }
    assert!(!holding.is_finished(), "the queue formed too late");
    let mut turns = Vec::new();
    for waiter in waiting {
        turns.push(waiter.await.unwrap().1);
    }
    assert_eq!(turns, (2..=11).collect::<Vec<_>>());
}

#[tokio::test]
async fn every_commit_has_its_own_revision() {
    let store = Store::new();
    assert_eq!(store.read::<Pair>().revision(), 0);
    for revision in 1..=5 {
        store
            .update(|pair: &mut Pair| pair.left += 1)
            .await
            .unwrap();
        assert_eq!(store.read::<Pair>().revision(), revision);
    }
}

#[tokio::test]
async fn a_subscriber_hears_of_the_commits_of_handlers() {
    let (store, mut client, _) = Store::start().await;
    client.post("/change").await;
    let mut revisions = store.subscribe::<Pair>().unwrap();
    assert_eq!(*revisions.borrow(), 1);
    assert!(!revisions.has_changed().unwrap(), "it knows that one");
    client.post("/fail").await;
    assert!(!revisions.has_changed().unwrap(), "nothing was committed");
    client.post("/change").await;
    revisions.changed().await.unwrap();
    assert_eq!(*revisions.borrow_and_update(), 2);
}

#[tokio::test]
async fn a_state_in_two_hosts_is_one_state_under_one_lock() {
    let one = Store::new();
    let two = Store {
        pair: one.pair.clone(),
        ..Store::new()
    };
    let (mut first, mut second) = (
        Client::connect(one.serve().await).await,
        Client::connect(two.serve().await).await,
    );
    assert_eq!(first.post("/change").await.json()["left"], 1);
    assert_eq!(second.post("/change").await.json()["left"], 2);
    assert_eq!(first.get("/pair").await.json()["left"], 2);
}
