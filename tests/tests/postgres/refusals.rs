//! A server that does not do what it should: what is said, and that nothing is lost.

use crate::ledger::{Fate, add, check, connect, options};
use crate::support::{Load, first_number};
use kr_runtime::{Store, StoreError};
use kr_tests::postgres::{Postgres, database_of, postgres};
use std::time::Duration;

fn error_of(url: &str) -> String {
    let error = Store::connect(url).expect_err("it was opened");
    let text = error.to_string();
    assert!(!text.contains("secret"), "{text}");
    text
}

#[test]
fn a_server_that_is_not_there_stops_the_start_with_its_name() {
    let error = error_of("postgres://kr:secret@127.0.0.1:1/bank");
    assert!(
        error.contains("PostgreSQL at 127.0.0.1:1, database bank") && error.contains("refused"),
        "{error}"
    );
}

#[test]
fn a_database_that_is_not_there_is_named() {
    let Some(server) = postgres() else { return };
    let error = error_of(&server.url("nowhere"));
    assert!(error.contains("\"nowhere\" does not exist"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_without_rights_is_told_what_it_needs() {
    let Some(server) = postgres() else { return };
    let url = server.database();
    let database = database_of(&url);
    server.sql(database, "CREATE ROLE reader LOGIN");
    let as_reader = url.replace("kr@", "reader@");
    let error = error_of(&as_reader);
    assert!(
        error.contains("permission denied") && error.contains("by hand"),
        "{error}"
    );
    // The tables are there, and it may read them only.
    let machine = connect(options(), &url).unwrap();
    assert_eq!(add(&machine, first_number() + 1).await, Fate::Kept);
    server.sql(
        database,
        "GRANT USAGE ON SCHEMA kr TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA kr TO reader",
    );
    let reader = connect(options(), &as_reader).unwrap();
    assert!(reader.ledger.lists.read(&1).await.is_ok());
    let error = reader
        .ledger
        .lists
        .update(&1, |list| list.numbers.clear())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("permission denied"), "{error}");
}

#[test]
fn tables_of_another_version_are_left_alone() {
    let Some(server) = postgres() else { return };
    let url = server.database();
    drop(Store::connect(&url).unwrap());
    server.sql(database_of(&url), "UPDATE kr.format SET version = 2");
    let error = Store::connect(&url).unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::Format {
                found: 2,
                known: 1,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_over_an_empty_database_all_start() {
    let Some(server) = postgres() else { return };
    for _ in 0..5 {
        let url = server.database();
        let starts = (0..4).map(|_| {
            let url = url.clone();
            tokio::task::spawn_blocking(move || connect(options(), &url).map(drop))
        });
        for start in starts.collect::<Vec<_>>() {
            start.await.unwrap().unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_that_was_changed_by_hand_is_an_error_and_mending_it_helps() {
    let Some(server) = postgres() else { return };
    let url = server.database();
    let database = database_of(&url);
    let machine = connect(options(), &url).unwrap();
    let number = first_number() + 1;
    assert_eq!(add(&machine, number).await, Fate::Kept);
    let list = number % 3;
    // A value that is none.
    let kept = server.sql(
        database,
        "SELECT states FROM kr.state WHERE states IS NOT NULL",
    );
    server.sql(database, "UPDATE kr.state SET states = '{\"List\":{\"version\":1,\"value\":{\"numbers\":7}}}', revision = revision + 1");
    let error = machine
        .ledger
        .lists
        .read(&list)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`List`") && error.contains("numbers"),
        "{error}"
    );
    assert!(
        machine
            .ledger
            .lists
            .update(&list, |list| list.numbers.clear())
            .await
            .is_err()
    );
    server.sql(
        database,
        &format!("UPDATE kr.state SET states = '{kept}', revision = revision + 1"),
    );
    assert_eq!(
        machine.ledger.lists.read(&list).await.unwrap().numbers,
        [number]
    );
    // A row that is gone.
    server.sql(database, "DELETE FROM kr.state");
    assert!(machine.ledger.lists.get(&list).await.unwrap().is_none());
    // A column that is gone.
    server.sql(database, "ALTER TABLE kr.state RENAME COLUMN epoch TO era");
    let error = machine
        .ledger
        .lists
        .update(&list, |list| list.numbers.clear())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("epoch"), "{error}");
    server.sql(database, "ALTER TABLE kr.state RENAME COLUMN era TO epoch");
    assert_eq!(add(&machine, number + 3).await, Fate::Kept);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_role_has_set_voids_no_promise() {
    let Some(server) = postgres() else { return };
    let url = server.database();
    for setting in [
        "synchronous_commit = off",
        "default_transaction_isolation = 'serializable'",
        "default_transaction_read_only = on",
        "lock_timeout = '1ms'",
        "statement_timeout = '200ms'",
        "idle_in_transaction_session_timeout = '1ms'",
        "search_path = ''",
    ] {
        server.sql(
            "postgres",
            &format!("ALTER DATABASE {} SET {setting}", database_of(&url)),
        );
    }
    // Who makes the tables may write.
    let with_write = format!("{url}?options=-c%20default_transaction_read_only%3Doff");
    drop(Store::connect(&with_write).unwrap());
    let machines = [1, 2].map(|_| connect(options(), &url).unwrap());
    let load = Load::start(&machines, 16);
    load.wait_for(400, Duration::from_secs(30)).await;
    let fates = load.end().await;
    assert!(fates.values().all(|fate| *fate == Fate::Kept));
    check(&machines[0], &fates).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_room_for_connections_is_said_and_the_pool_does_with_less() {
    let Some(server) = Postgres::start("max_connections = 8\nsuperuser_reserved_connections = 1")
    else {
        return;
    };
    let url = server.database();
    let machines = [1, 2].map(|_| connect(options().connections(3), &url).unwrap());
    let load = Load::start(&machines, 64);
    load.wait_for(200, Duration::from_secs(30)).await;
    let fates = load.end().await;
    assert!(fates.values().all(|fate| *fate == Fate::Kept));
    check(&machines[0], &fates).await.unwrap();
    // Others have all the rest.
    server.sql("postgres", "CREATE ROLE many LOGIN");
    let _full: Vec<_> = (0..9)
        .filter_map(|_| Store::connect(&url.replace("kr@", "many@")).ok())
        .collect();
    assert_eq!(add(&machines[0], first_number() + 1).await, Fate::Kept);
}
