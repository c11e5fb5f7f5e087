//! A sync that fails once. The system may have dropped what it was to write, and says so only once.

use crate::office::Running;
use crate::support::{change, note};
use kr_tests::stores::{Disk, Faults};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_answered_again_before_a_restart() {
    let disk = Disk::default();
    let running = Running::start(disk.open().unwrap()).await.unwrap();
    let mut client = running.client().await;
    for account in 0..20 {
        assert_eq!(change(&mut client, account, "before").await, 200);
    }
    disk.set_faults(Faults {
        failing_syncs: 1,
        ..Faults::default()
    });
    for account in 0..20 {
        assert_eq!(change(&mut client, account, "after").await, 503);
        assert_eq!(note(&mut client, account).await.unwrap(), "before");
    }
    assert_eq!(client.get("/page").await.status, 200);
    drop((client, running));
    let running = Running::start(disk.open().unwrap()).await.unwrap();
    let mut client = running.client().await;
    for account in 0..20 {
        let note = note(&mut client, account).await.unwrap();
        // Of the first one it was not known.
        assert!(note == "before" || account == 0, "{account}: {note}");
    }
    assert_eq!(change(&mut client, 1, "again").await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_is_refused_whose_first_sync_fails() {
    let disk = Disk::default();
    disk.set_faults(Faults {
        failing_syncs: 1,
        ..Faults::default()
    });
    let error = disk.open().unwrap_err().to_string();
    assert!(
        error.contains("test backend") && error.contains("a sync failed"),
        "{error}"
    );
}
