//! A write that fails once.

use crate::office::Running;
use crate::support::{change, note};
use kr_tests::stores::{Disk, Faults};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_change_is_gone_and_the_next_one_is_kept() {
    // Every write of a commit in turn, the last of them writes the header.
    for failing in 0..20 {
        let disk = Disk::default();
        let running = Running::start(disk.open().unwrap()).await.unwrap();
        let mut client = running.client().await;
        assert_eq!(change(&mut client, 1, "before").await, 200);
        disk.set_faults(Faults {
            failing_writes: Some((failing, 1)),
            ..Faults::default()
        });
        let status = change(&mut client, 1, "in between").await;
        let during = note(&mut client, 1).await.unwrap();
        match status {
            200 => assert_eq!(during, "in between"),
            503 => assert_eq!(during, "before"),
            other => panic!("{other}"),
        }
        // Lists, which come from the file, are answered as well.
        assert_eq!(
            running.office.accounts.keys().await.unwrap(),
            [1],
            "write {failing}"
        );
        disk.set_faults(Faults::default());
        assert_eq!(
            change(&mut client, 2, "after").await,
            200,
            "write {failing}"
        );
        drop((client, running));
        let running = Running::start(disk.open().unwrap()).await.unwrap();
        let mut client = running.client().await;
        assert_eq!(
            note(&mut client, 1).await.unwrap(),
            during,
            "write {failing}"
        );
        assert_eq!(note(&mut client, 2).await.unwrap(), "after");
    }
}
