//! A sync that fails once. The system may have dropped what it was to write, and says so only once.

use crate::logged::logged;
use crate::office::Running;
use crate::support::{change, closed, note};
use kr_runtime::{Durable, Store, StoreError};
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

/// Works, lets a sync fail, starts again with what `open` makes of the disk, works on, and then starts the machine again.
/// Returns what is wrong with the first twenty accounts.
async fn wrong_after_a_failed_sync(
    open: impl Fn(&Disk) -> Result<Store<Durable>, StoreError>,
) -> Vec<String> {
    let disk = Disk::cached();
    let running = Running::start(disk.open().unwrap()).await.unwrap();
    let mut client = running.client().await;
    for account in 0..20 {
        assert_eq!(change(&mut client, account, "before").await, 200);
    }
    disk.set_faults(Faults {
        failing_syncs: 1,
        ..Faults::default()
    });
    assert_eq!(change(&mut client, 0, "lost").await, 503);
    drop((client, running));
    // What is answered from now on rests on what the process has read.
    let Ok(running) = start(open(&disk)).await else {
        return vec!["the file is damaged before the machine is started again".to_owned()];
    };
    let mut client = running.client().await;
    let mut wrong = Vec::new();
    if note(&mut client, 0).await.unwrap() == "lost" {
        wrong.push("a value was shown that the disk does not have".to_owned());
    }
    for account in 10..20 {
        assert_eq!(change(&mut client, account, "after").await, 200);
    }
    drop((client, running));
    disk.restart_machine();
    let running = match start(disk.open()).await {
        Ok(running) => running,
        Err(error) => {
            wrong.push(error);
            return wrong;
        }
    };
    let mut client = running.client().await;
    for account in 0..20 {
        let expected = if account < 10 { "before" } else { "after" };
        let found = note(&mut client, account).await;
        if found.as_deref() != Ok(expected) {
            wrong.push(format!("account {account}: {found:?}"));
        }
    }
    wrong
}

async fn start(store: Result<Store<Durable>, StoreError>) -> Result<Running, String> {
    Running::start(store.map_err(|error| error.to_string())?).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_reads_what_the_disk_has() {
    let wrong = wrong_after_a_failed_sync(Disk::open).await;
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_that_trusts_the_systems_cache_loses_something() {
    let wrong = wrong_after_a_failed_sync(Disk::open_trusting).await;
    assert!(
        !wrong.is_empty(),
        "this test would not notice a store that reads what the disk does not have"
    );
}

#[tokio::test]
async fn a_file_with_a_failed_sync_is_read_from_the_disk_once() {
    let folder = tempfile::tempdir().unwrap();
    let (path, lock) = (
        folder.path().join("office.kr"),
        folder.path().join("office.kr.lock"),
    );
    let running = start(Store::open(&path)).await.unwrap();
    let mut client = running.client().await;
    assert_eq!(change(&mut client, 1, "kept").await, 200);
    drop((client, running));
    closed(|| std::fs::read(&path).unwrap()).await;
    let without = std::fs::read_to_string(&lock).unwrap();
    assert_eq!(without, format!("{}\n", std::process::id()));
    // A process with a longer id has left this.
    std::fs::write(&lock, "4294967295\nsync failed\n").unwrap();
    let (log, store) = logged(|| Store::open(&path));
    assert!(log.contains("the disk did not confirm"), "{log}");
    let running = start(store).await.unwrap();
    let mut client = running.client().await;
    assert_eq!(note(&mut client, 1).await.unwrap(), "kept");
    assert_eq!(std::fs::read_to_string(&lock).unwrap(), without);
}
