//! A process that is killed while it has nothing to do leaves a file that need not be looked through.

use crate::logged::logged;
use crate::office::Running;
use crate::support::change;
use kr_tests::stores::Disk;
use std::time::Duration;

/// The file as a kill would leave it: some time after the last change.
async fn killed_after(time: Duration) -> Disk {
    let disk = Disk::default();
    let running = Running::start(disk.open().unwrap()).await.unwrap();
    let mut client = running.client().await;
    for account in 0..20 {
        assert_eq!(change(&mut client, account, "kept").await, 200);
    }
    tokio::time::sleep(time).await;
    Disk::of(disk.bytes())
}

/// Whether the whole file is looked through when it is opened.
fn is_looked_through(disk: &Disk) -> bool {
    let (log, _store) = logged(|| disk.open().unwrap());
    log.contains("the store was not closed")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_of_an_idle_process_leaves_a_file_that_opens_at_once() {
    assert!(is_looked_through(&killed_after(Duration::ZERO).await));
    let idle = killed_after(Duration::from_millis(1500)).await;
    assert!(!is_looked_through(&idle));
}
