//! Connections are cut, delayed or stalled at every point of the two flights of a transaction.

use crate::ledger::{Fate, add, check, connect, options};
use crate::proxy::Proxy;
use crate::support::{Load, first_number, rounds};
use kr_tests::postgres::postgres;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_at_any_byte_leaves_each_change_done_once_or_not_at_all() {
    let Some(server) = postgres() else { return };
    let direct = server.database();
    let proxy = Proxy::start(server.port()).await;
    let machine = connect(options(), &proxy.url(&direct)).unwrap();
    let mut fates = BTreeMap::new();
    let first = first_number();
    for number in first..first + 4 {
        fates.insert(number, add(&machine, number).await);
    }
    // A change takes about 1,600 bytes to the server and 700 back.
    let steps = rounds(40) as i64;
    let mut number = first + 4;
    for (longest, is_to_server) in [(2_400, true), (1_000, false)] {
        for step in 0..steps {
            let bytes = longest * step / steps;
            match is_to_server {
                true => proxy.cut_after_to_server(bytes),
                false => proxy.cut_after_to_client(bytes),
            }
            while proxy.is_armed() {
                fates.insert(number, add(&machine, number).await);
                number += 1;
            }
        }
    }
    let kept = fates.values().filter(|fate| **fate == Fate::Kept).count();
    let unknown = fates
        .values()
        .filter(|fate| **fate == Fate::Unknown)
        .count();
    println!("{} changes, {kept} kept, {unknown} unknown", fates.len());
    let other = connect(options(), &direct).unwrap();
    check(&other, &fates).await.unwrap();
    // Whoever asks the server again after a cut knows what became of the change.
    assert_eq!(unknown, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cuts_under_load_lose_nothing() {
    let Some(server) = postgres() else { return };
    let direct = server.database();
    let proxy = Proxy::start(server.port()).await;
    let machines = [
        connect(options(), &proxy.url(&direct)).unwrap(),
        connect(options(), &direct).unwrap(),
    ];
    let load = Load::start(&machines, 16);
    for round in 0..rounds(20) as i64 {
        load.wait_for(20, Duration::from_secs(30)).await;
        proxy.cut_after_to_server(round * 397 % 9_000);
        proxy.cut_after_to_client(round * 211 % 5_000);
    }
    load.wait_for(20, Duration::from_secs(30)).await;
    let fates = load.end().await;
    check(&machines[1], &fates).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_stalls_holds_nobody_else_up_for_long() {
    let Some(server) = postgres() else { return };
    let direct = server.database();
    let proxy = Proxy::start(server.port()).await;
    let stalled = connect(options(), &proxy.url(&direct)).unwrap();
    let other = connect(options(), &direct).unwrap();
    let load = Load::start(std::slice::from_ref(&stalled), 8);
    load.wait_for(20, Duration::from_secs(30)).await;
    proxy.stall(true);
    let start = Instant::now();
    let first = first_number();
    let mut fates = BTreeMap::new();
    for number in first..first + 4 {
        fates.insert(number, add(&other, number).await);
    }
    // The second that `options` gives a process of which nothing is heard, and some time to spare.
    assert!(
        start.elapsed() < Duration::from_secs(6),
        "{:?}",
        start.elapsed()
    );
    assert!(fates.values().all(|fate| *fate == Fate::Kept), "{fates:?}");
    proxy.stall(false);
    load.wait_for(20, Duration::from_secs(30)).await;
    fates.extend(load.end().await);
    check(&other, &fates).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_network_is_only_slow() {
    let Some(server) = postgres() else { return };
    let direct = server.database();
    let proxy = Proxy::start(server.port()).await;
    let machine = connect(options(), &proxy.url(&direct)).unwrap();
    proxy.delay(Duration::from_millis(5));
    let load = Load::start(std::slice::from_ref(&machine), 32);
    load.wait_for(300, Duration::from_secs(30)).await;
    let fates = load.end().await;
    assert!(fates.values().all(|fate| *fate == Fate::Kept));
    check(&machine, &fates).await.unwrap();
}
