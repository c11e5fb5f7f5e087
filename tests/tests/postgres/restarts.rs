//! The server ends as in a crash, and comes back.

use crate::ledger::{Fate, add, check, connect, options};
use crate::support::{Load, first_number, rounds};
use kr_tests::postgres::Postgres;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_done_twice_when_the_server_restarts_under_load() {
    let Some(server) = Postgres::start("") else {
        return;
    };
    let url = server.database();
    // One of them has prepared its statements, which are gone with the connection.
    let machines = [false, true].map(|prepared| {
        let options = options().prepared_statements(prepared);
        connect(options, &url).unwrap()
    });
    let load = Load::start(&machines, 12);
    let restarts = rounds(5);
    for _ in 0..restarts {
        load.wait_for(30, Duration::from_secs(30)).await;
        tokio::task::block_in_place(|| server.restart_at_once());
    }
    load.wait_for(30, Duration::from_secs(30)).await;
    let fates = load.end().await;
    let found = check(&machines[0], &fates).await.unwrap();
    let unknown = fates
        .values()
        .filter(|fate| **fate == Fate::Unknown)
        .count();
    println!(
        "{restarts} restarts, {} changes, {found} are there, {unknown} unknown",
        fates.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_gone_is_said_within_the_deadline_and_found_again() {
    let Some(server) = Postgres::start("") else {
        return;
    };
    let url = server.database();
    let machine = connect(options(), &url).unwrap();
    assert_eq!(add(&machine, first_number() + 1).await, Fate::Kept);
    tokio::task::block_in_place(|| server.stop_at_once());
    let start = Instant::now();
    let error = machine
        .ledger
        .lists
        .update(&1, |list| list.numbers.clear())
        .await
        .unwrap_err();
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
    let text = error.to_string();
    assert!(
        text.contains("PostgreSQL at 127.0.0.1") && text.contains("refused"),
        "{text}"
    );
    assert!(machine.ledger.lists.read(&1).await.is_err());
    tokio::task::block_in_place(|| server.begin());
    assert_eq!(add(&machine, first_number() + 1).await, Fate::Kept);
    assert_eq!(
        machine
            .ledger
            .lists
            .read(&(first_number() % 3))
            .await
            .map(drop)
            .err(),
        None
    );
}
