//! A process that is stopped while it holds rows is put out by the server, and what it does when it wakes up is in vain.

use crate::ledger::{check, connect, options};
use crate::support::{Writer, rounds};
use kr_tests::postgres::postgres;
use std::collections::BTreeMap;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_was_stopped_holds_others_up_for_a_moment_only() {
    let Some(server) = postgres() else { return };
    let url = server.database();
    let mut fates = BTreeMap::new();
    let other = Writer::start(&url, 4);
    other.wait_for(1, Duration::from_secs(30)).await;
    for _ in 0..rounds(3) {
        let stopped = Writer::start(&url, 16);
        stopped.wait_for(20, Duration::from_secs(30)).await;
        stopped.signal("STOP");
        // Its rows are free after the second that `options` gives it, whatever it held.
        other.wait_for(20, Duration::from_secs(15)).await;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        stopped.signal("CONT");
        stopped.wait_for(20, Duration::from_secs(15)).await;
        fates.extend(stopped.kill());
    }
    fates.extend(other.kill());
    let machine = connect(options(), &url).unwrap();
    check(&machine, &fates).await.unwrap();
}
