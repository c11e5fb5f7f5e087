//! The connections of a process are all in use.

use kr_runtime::prelude::*;
use kr_runtime::{PostgresOptions, SharedMap};
use kr_tests::postgres::postgres;
use std::time::{Duration, Instant};
use tokio_postgres::NoTls;

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "item:{id}")]
struct Item {
    count: u64,
}

#[derive(Host)]
struct Items {
    items: SharedMap<u64, Item>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_wait_for_a_connection_until_their_deadline_and_reads_have_one_of_their_own() {
    let Some(server) = postgres() else { return };
    let url = server.database();
    let items = Items {
        items: SharedMap::new(),
    };
    let store = PostgresOptions::new().connections(2).connect(&url).unwrap();
    let app = App::new("Items", items)
        .store(store)
        .lock_timeout(Duration::from_secs(2));
    let items = app.host();
    let _server = app.endpoint(0).build().unwrap();
    for id in [1, 2] {
        let counted = items.items.update(&id, |item| item.count += 1);
        counted.await.unwrap();
    }
    // Somebody else holds the row of one item, and a call waits for it on the one connection for changes.
    let (holder, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    holder
        .batch_execute("BEGIN; SELECT 1 FROM kr.state WHERE lock = 'item:1' FOR UPDATE")
        .await
        .unwrap();
    let start = Instant::now();
    let waiting = tokio::spawn({
        let items = items.clone();
        async move { items.items.update(&1, |item| item.count += 1).await }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    let other = tokio::spawn({
        let items = items.clone();
        async move { items.items.update(&2, |item| item.count += 1).await }
    });
    assert_eq!(items.items.read(&2).await.unwrap().count, 1);
    let refused = waiting.await.unwrap().unwrap_err();
    assert!(refused.to_string().contains("another process"), "{refused}");
    // The other one got the connection, or has the same deadline.
    let _ = other.await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(8));
    drop(holder);
    let _ = connection.await;
    let before = items.items.read(&1).await.unwrap().count;
    assert_eq!(before, 1);
    let counted = items.items.update(&1, |item| item.count += 1);
    counted.await.unwrap();
    assert_eq!(items.items.read(&1).await.unwrap().count, 2);
}
