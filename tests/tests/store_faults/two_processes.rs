//! Two processes want the same file.

use crate::support::error_of;
use kr_runtime::{FileOptions, StoreError};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

#[test]
fn the_second_process_is_refused_and_told_of_the_first_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.kr");
    let writer = |stderr| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_store_writer"));
        command.arg(folder.path()).arg("0").stdin(Stdio::null());
        command
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap()
    };
    let mut first = writer(Stdio::inherit());
    let mut lines = BufReader::new(first.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    // What it writes is read on, so that it goes on.
    let reader = std::thread::spawn(move || lines.count());
    let error = error_of(&path);
    assert!(
        error.to_string().contains(&first.id().to_string()),
        "{error}"
    );
    assert!(matches!(error, StoreError::InUse { .. }));
    // Where the lock file is not shared, as between containers, the file itself is locked.
    let aside = folder.path().join("aside");
    let lock = folder.path().join("office.kr.lock");
    std::fs::rename(&lock, &aside).unwrap();
    assert!(matches!(error_of(&path), StoreError::InUse { .. }));
    std::fs::rename(&aside, &lock).unwrap();
    // One that waits takes over.
    let mut second = writer(Stdio::inherit());
    std::thread::sleep(Duration::from_millis(200));
    first.kill().unwrap();
    first.wait().unwrap();
    reader.join().unwrap();
    let mut lines = BufReader::new(second.stdout.take().unwrap()).lines();
    lines.next().expect("it works").unwrap();
    let reader = std::thread::spawn(move || lines.count());
    second.kill().unwrap();
    second.wait().unwrap();
    reader.join().unwrap();
    FileOptions::new().open(&path).unwrap();
}
