//! A disk with no room left, until somebody makes some.

use crate::office::Running;
use crate::support::{change, closed, note};
use kr_tests::stores::{Disk, Faults};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_grow_refuses_changes_until_it_can() {
    let faults = Faults {
        cannot_grow: true,
        ..Faults::default()
    };
    no_room(faults, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_takes_no_write_refuses_changes_until_it_does() {
    let faults = Faults {
        is_full: true,
        ..Faults::default()
    };
    no_room(faults, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_system_that_is_read_only_for_a_while_refuses_changes() {
    let faults = Faults {
        is_read_only: true,
        ..Faults::default()
    };
    no_room(faults, false).await;
}

/// `is_readable` says whether the engine can open the file in that state, for what is not in memory.
async fn no_room(faults: Faults, is_readable: bool) {
    let disk = Disk::default();
    let start =
        async || Running::start_with(disk.open().unwrap(), |app| app.instance_memory(1)).await;
    let running = start().await.unwrap();
    let mut client = running.client().await;
    for account in 0..50 {
        assert_eq!(change(&mut client, account, "before").await, 200);
    }
    // This one is used all the time, so it stays in memory.
    let subscription = running.office.accounts.subscribe(&0);
    assert_eq!(note(&mut client, 0).await.unwrap(), "before");
    disk.set_faults(faults);
    let mut kept = vec!["before".to_owned(); 200];
    let mut refused = 0;
    for round in 0..200 {
        let (account, new) = (round % 200, format!("{round}{}", "x".repeat(20_000)));
        match change(&mut client, account, &new).await {
            200 => kept[round as usize] = new,
            503 => refused += 1,
            other => panic!("{other}"),
        }
        assert_eq!(client.get("/page").await.status, 200);
        assert_eq!(note(&mut client, 0).await.as_ref(), Ok(&kept[0]));
    }
    assert!(refused > 100, "{refused} of 200 were refused");
    match note(&mut client, 49).await {
        Ok(note) => assert_eq!(note, kept[49]),
        Err(status) => assert!(!is_readable && status == 503, "{status}"),
    }
    disk.set_faults(Faults::default());
    // As the response says, a moment later: the file is not opened again for every read.
    let since = Instant::now();
    while change(&mut client, 7, "after").await != 200 {
        assert!(
            since.elapsed() < Duration::from_secs(2),
            "it takes no changes again"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    kept[7] = "after".to_owned();
    // One program at a time has the file; the last one may still tidy up.
    drop((client, subscription, running));
    for _ in 0..2 {
        closed(|| disk.bytes()).await;
        let running = start().await.unwrap();
        let mut client = running.client().await;
        for account in 0..200 {
            let kept = &kept[account as usize];
            let expected = if account >= 50 && kept == "before" {
                ""
            } else {
                kept
            };
            assert_eq!(
                note(&mut client, account).await.unwrap(),
                expected,
                "{account}"
            );
        }
    }
}
