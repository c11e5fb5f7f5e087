//! Instances that are not there yet: what cannot be locked is made, and taken back if nothing is written.

use crate::ledger::{connect, options};
use futures_util::future::join_all;
use kr_runtime::UpdateError;
use kr_tests::postgres::{database_of, postgres};

#[derive(Debug)]
enum Undone {
    OnPurpose,
    ByTheStore,
}

impl From<UpdateError> for Undone {
    fn from(_: UpdateError) -> Self {
        Self::ByTheStore
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_instances_share_transactions_and_leave_no_row_where_nothing_is_written() {
    let Some(server) = postgres() else { return };
    let url = server.database();
    let database = database_of(&url);
    let machine = connect(options(), &url).unwrap();
    let calls = (0..100).map(|key| {
        let lists = &machine.ledger.lists;
        async move {
            lists
                .try_update(&key, |list| match key % 2 {
                    0 => Err(Undone::OnPurpose),
                    _ => {
                        list.numbers.push(key);
                        Ok(())
                    }
                })
                .await
        }
    });
    for (result, key) in join_all(calls).await.into_iter().zip(0..100) {
        match result {
            Ok(()) => assert_eq!(key % 2, 1),
            Err(error) => assert!(
                matches!(error, Undone::OnPurpose) && key % 2 == 0,
                "{error:?}"
            ),
        }
    }
    assert_eq!(server.sql(database, "SELECT count(*) FROM kr.state"), "50");
    let batches = server.sql(database, "SELECT sum(batch) FROM kr.writer");
    let batches: u64 = batches.parse().unwrap();
    assert!(batches < 50, "{batches} transactions made 50 rows");
    let keys: Vec<u64> = (0..50).map(|number| number * 2 + 1).collect();
    assert_eq!(machine.ledger.lists.keys().await.unwrap(), keys);
}
