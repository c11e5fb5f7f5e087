//! A part of the disk that cannot be read.

use crate::office::{Page, Running};
use crate::support::{change, note};
use kr_runtime::Host as _;
use kr_tests::stores::{Disk, Faults};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_cannot_be_read_hides_no_other() {
    let disk = Disk::default();
    let running = Running::start(disk.open().unwrap()).await.unwrap();
    let mut client = running.client().await;
    // Each has pages of its own.
    let long = "x".repeat(60_000);
    for account in 0..40 {
        assert_eq!(
            change(&mut client, account, &format!("note {account} {long}")).await,
            200
        );
    }
    drop((client, running));
    let store = disk.open_uncached().unwrap();
    let running = Running::start_with(store, |app| app.instance_memory(1));
    let running = running.await.unwrap();
    let mut client = running.client().await;
    // Pages that are free again have it, too.
    let bytes = disk.bytes();
    let places = bytes.windows(8).enumerate();
    let places = places.filter(|(_, window)| window == b"note 23 ");
    disk.set_faults(Faults {
        unreadable: places.map(|(at, _)| at as u64..at as u64 + 1).collect(),
        ..Faults::default()
    });
    let mut failed = Vec::new();
    for account in 0..40 {
        match note(&mut client, account).await {
            Ok(note) => assert!(note.starts_with(&format!("note {account} "))),
            Err(503) => failed.push(account),
            Err(status) => panic!("{account}: {status}"),
        }
    }
    assert_eq!(failed, [23]);
    // It says which file.
    let error = running
        .office
        .accounts
        .get(&23)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("test backend") && error.contains("a read failed"),
        "{error}"
    );
    assert_eq!(change(&mut client, 5, "after").await, 200);
    running
        .office
        .update(|page: &mut Page| page.changes += 1)
        .await
        .unwrap();
    // The disk can read it again, so the program can.
    disk.set_faults(Faults::default());
    assert!(note(&mut client, 23).await.unwrap().starts_with("note 23 "));
}
