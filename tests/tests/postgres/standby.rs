//! A commit waits for a standby that is gone.

use crate::ledger::{Fate, add, check, connect, options};
use crate::support::first_number;
use kr_tests::postgres::{Postgres, database_of};
use std::collections::BTreeMap;
use std::time::Duration;

/// From now on each commit waits for that standby; without a name, for none.
fn wait_for_standby(server: &Postgres, database: &str, name: &str) {
    let setting = format!("ALTER SYSTEM SET synchronous_standby_names = '{name}'");
    server.sql(database, &setting);
    server.sql(database, "SELECT pg_reload_conf()");
    // It is known to all processes of the server a moment later.
    std::thread::sleep(Duration::from_millis(500));
}

/// Waits until a commit waits.
async fn until_it_waits(server: &Postgres, database: &str) {
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    for _ in 0..400 {
        if server.sql(database, waiting) != "0" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no commit waits for a standby");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_waits_for_a_lost_standby_is_said_to_be_unknown_and_seen_by_nobody_until_it_is_not()
 {
    let Some(server) = Postgres::start("") else {
        return;
    };
    let url = server.database();
    let database = database_of(&url);
    let [here, there] = [1, 2].map(|_| connect(options(), &url).unwrap());
    let first = first_number();
    let mut fates = BTreeMap::new();
    fates.insert(first + 1, add(&here, first + 1).await);
    let before = there.ledger.lists.read(&1).await.unwrap().numbers.clone();
    wait_for_standby(&server, database, "nobody");
    let waiting = tokio::spawn({
        let here = here.clone();
        async move { add(&here, first + 2).await }
    });
    until_it_waits(&server, database).await;
    assert_eq!(there.ledger.lists.read(&1).await.unwrap().numbers, before);
    assert_eq!(here.ledger.lists.read(&1).await.unwrap().numbers, before);
    let fate = tokio::time::timeout(Duration::from_secs(60), waiting);
    let fate = fate.await.expect("it waits for ever").unwrap();
    assert_eq!(fate, Fate::Unknown);
    fates.insert(first + 2, fate);
    assert_eq!(there.ledger.lists.read(&1).await.unwrap().numbers, before);
    wait_for_standby(&server, database, "");
    fates.insert(first + 3, add(&here, first + 3).await);
    fates.insert(first + 4, add(&there, first + 4).await);
    check(&here, &fates).await.unwrap();
    assert!(fates[&(first + 3)] == Fate::Kept && fates[&(first + 4)] == Fate::Kept);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_standby_was_given_up_is_said_to_be_unknown() {
    let Some(server) = Postgres::start("") else {
        return;
    };
    let url = server.database();
    let database = database_of(&url);
    let machine = connect(options(), &url).unwrap();
    let first = first_number();
    let mut fates = BTreeMap::new();
    fates.insert(first + 1, add(&machine, first + 1).await);
    wait_for_standby(&server, database, "nobody");
    let waiting = tokio::spawn({
        let machine = machine.clone();
        async move { add(&machine, first + 2).await }
    });
    until_it_waits(&server, database).await;
    server.sql(
        database,
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
    );
    let fate = waiting.await.unwrap();
    assert_eq!(fate, Fate::Unknown);
    fates.insert(first + 2, fate);
    wait_for_standby(&server, database, "");
    fates.insert(first + 3, add(&machine, first + 3).await);
    check(&machine, &fates).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_hangs_is_said_and_found_again() {
    let Some(server) = Postgres::start("") else {
        return;
    };
    let url = server.database();
    let machine = connect(options(), &url).unwrap();
    let first = first_number();
    let mut fates = BTreeMap::new();
    fates.insert(first + 1, add(&machine, first + 1).await);
    server.signal("STOP");
    let patience = Duration::from_secs(60);
    let read = tokio::time::timeout(patience, machine.ledger.lists.read(&1));
    let read = read.await.expect("the read never ends");
    let error = read.unwrap_err().to_string();
    assert!(error.contains("has not answered"), "{error}");
    let (changed, listed) = tokio::join!(
        tokio::time::timeout(patience, add(&machine, first + 2)),
        tokio::time::timeout(patience, machine.ledger.lists.keys()),
    );
    let changed = changed.expect("the change never ends");
    assert!(listed.expect("the list never ends").is_err());
    assert_eq!(changed, Fate::NotKept);
    fates.insert(first + 2, changed);
    server.signal("CONT");
    fates.insert(first + 3, add(&machine, first + 3).await);
    assert_eq!(fates[&(first + 3)], Fate::Kept);
    check(&machine, &fates).await.unwrap();
}
