//! The file is removed, moved away or replaced while a program has it.

use crate::office::Running;
use crate::support::{change, closed, note};
use kr_runtime::Store;
use kr_tests::Client;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

struct Test {
    folder: TempDir,
    path: PathBuf,
    running: Running,
    client: Client,
}

async fn start() -> Test {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.kr");
    let running = Running::start(Store::open(&path).unwrap()).await.unwrap();
    let mut client = running.client().await;
    assert_eq!(change(&mut client, 1, "before").await, 200);
    Test {
        folder,
        path,
        running,
        client,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_answered_that_would_go_into_a_removed_file() {
    let Test {
        path,
        running,
        mut client,
        folder,
    } = start().await;
    fs::remove_file(&path).unwrap();
    for _ in 0..3 {
        assert_eq!(change(&mut client, 1, "after").await, 503);
        assert_eq!(note(&mut client, 1).await.unwrap(), "before");
    }
    let error = running
        .office
        .accounts
        .update(&1, |account| account.changes += 1);
    let error = error.await.unwrap_err().to_string();
    for part in ["bank.kr", "removed", "; "] {
        assert!(error.contains(part), "{part} is not in: {error}");
    }
    drop(folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_moved_away_and_back_goes_on() {
    let Test {
        path,
        running,
        mut client,
        folder,
    } = start().await;
    let aside = folder.path().join("aside.kr");
    fs::rename(&path, &aside).unwrap();
    assert_eq!(change(&mut client, 1, "meanwhile").await, 503);
    fs::rename(&aside, &path).unwrap();
    assert_eq!(change(&mut client, 1, "after").await, 200);
    drop((client, running));
    let running = Running::start(Store::open(&path).unwrap()).await.unwrap();
    assert_eq!(note(&mut running.client().await, 1).await.unwrap(), "after");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_was_put_in_its_place_is_left_alone() {
    let Test {
        path,
        running,
        mut client,
        folder,
    } = start().await;
    let backup = folder.path().join("backup.kr");
    drop(Store::open(&backup).unwrap());
    let bytes = closed(|| fs::read(&backup).unwrap()).await;
    fs::rename(&backup, &path).unwrap();
    assert_eq!(change(&mut client, 1, "after").await, 503);
    drop((client, running));
    assert!(closed(|| fs::read(&path).unwrap()).await == bytes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_file_that_was_removed_lets_nobody_in() {
    let Test {
        path,
        running,
        client,
        folder,
    } = start().await;
    fs::remove_file(folder.path().join("bank.kr.lock")).unwrap();
    let error = crate::support::error_of(&path);
    assert!(
        matches!(error, kr_runtime::StoreError::InUse { .. }),
        "{error}"
    );
    drop((client, running));
}
