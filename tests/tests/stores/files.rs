//! Files that are none, or somebody else's.

use crate::under_test::UnderTest;
use kr_runtime::{FileOptions, Store, StoreError};
use std::fs;
use std::time::{Duration, Instant};

fn error_of(path: &std::path::Path) -> StoreError {
    let options = FileOptions::new().wait(Duration::from_millis(100));
    options.open(path).unwrap_err()
}

#[test]
fn a_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        error_of(folder.path()),
        StoreError::NotAFile { .. }
    ));
}

#[test]
fn a_file_in_no_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing").join("bank.kr");
    let error = error_of(&path);
    assert!(matches!(error, StoreError::NoFolder { .. }));
    assert!(error.to_string().contains("missing"));
}

#[test]
fn a_file_of_another_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    fs::write(&path, "these are my notes").unwrap();
    assert!(matches!(error_of(&path), StoreError::NotAStore { .. }));
    assert_eq!(fs::read_to_string(&path).unwrap(), "these are my notes");
}

#[test]
fn a_missing_file_is_an_error_where_one_must_exist() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.kr");
    let error = FileOptions::new().existing().open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Missing { .. }));
    assert!(!path.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_to_the_same_store() {
    let test = UnderTest::file();
    let path = test.path();
    let link = path.with_file_name("link.kr");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(matches!(error_of(&link), StoreError::InUse { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_owner_is_refused_with_the_id_of_the_first() {
    let test = UnderTest::file();
    let error = error_of(&test.path());
    let StoreError::InUse { process, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(*process, Some(std::process::id()));
    assert!(error.to_string().contains(&std::process::id().to_string()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_on_its_way_out_is_waited_for() {
    let test = UnderTest::file();
    let path = test.path();
    let leaving = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        test.end()
    });
    let since = Instant::now();
    let opened = tokio::task::spawn_blocking(move || Store::open(path))
        .await
        .unwrap();
    opened.unwrap();
    assert!(since.elapsed() >= Duration::from_millis(200));
    drop(leaving.await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_owner_is_nobody() {
    let place = UnderTest::file().end();
    let lock = place.path().with_extension("kr.lock");
    fs::write(&lock, format!("{}\n", std::process::id())).unwrap();
    Store::open(place.path()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_file_is_reported() {
    let test = UnderTest::file();
    for key in 0..200 {
        test.bank
            .accounts
            .update(&key, |account| account.owner = "x".repeat(500))
            .await
            .unwrap();
    }
    let place = test.end();
    let path = place.path();
    drop(Store::open(&path).unwrap());
    let whole = wait_until_closed(&path);
    for length in [10, 400, 5000, whole.len() / 2, whole.len() - 4096] {
        let cut = place.path().with_file_name(format!("cut-{length}.kr"));
        fs::write(&cut, &whole[..length]).unwrap();
        match FileOptions::new().open(&cut) {
            Err(
                StoreError::Damaged { .. } | StoreError::NotAStore { .. } | StoreError::Io { .. },
            ) => {}
            Err(error) => panic!("{length}: {error}"),
            Ok(_) => panic!("{length}: opened"),
        }
    }
}

/// The bytes of a file that nobody has open any more.
fn wait_until_closed(path: &std::path::Path) -> Vec<u8> {
    drop(FileOptions::new().open(path).unwrap());
    std::thread::sleep(Duration::from_millis(200));
    fs::read(path).unwrap()
}
