//! Processes are killed at any moment, in and between statements, while others go on.

use crate::ledger::{check, connect, options};
use crate::support::{Writer, rounds};
use kr_tests::postgres::postgres;
use std::collections::BTreeMap;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_a_kill_and_others_go_on() {
    let Some(server) = postgres() else { return };
    let url = server.database();
    let mut fates = BTreeMap::new();
    let survivor = Writer::start(&url, 4);
    survivor.wait_for(1, Duration::from_secs(30)).await;
    let kills = rounds(10);
    for round in 0..kills {
        let victim = Writer::start(&url, 8);
        victim.wait_for(1, Duration::from_secs(30)).await;
        tokio::time::sleep(Duration::from_millis(7 * (round as u64 % 20))).await;
        fates.extend(victim.kill());
        // The server notices at once that the other end is gone.
        survivor.wait_for(5, Duration::from_secs(10)).await;
    }
    fates.extend(survivor.kill());
    let machine = connect(options(), &url).unwrap();
    let found = check(&machine, &fates).await.unwrap();
    println!("{kills} kills, {} answers, {found} are there", fates.len());
}
