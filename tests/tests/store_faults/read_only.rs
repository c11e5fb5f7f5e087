//! Files and folders that may not be written.

use crate::support::error_of;
use kr_runtime::{Store, StoreError};
use kr_tests::stores::{Disk, Faults};
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

#[test]
fn a_read_only_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.kr");
    drop(Store::open(&path).unwrap());
    fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
    if binds(&path) {
        assert!(matches!(error_of(&path), StoreError::Io { .. }));
    }
}

#[test]
fn a_read_only_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
    let path = folder.path().join("bank.kr");
    if binds(folder.path()) {
        assert!(matches!(error_of(&path), StoreError::Io { .. }));
        assert!(!path.exists());
    }
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_read_only_file_system_is_refused() {
    let disk = Disk::default();
    drop(disk.open().unwrap());
    disk.set_faults(Faults {
        is_read_only: true,
        ..Faults::default()
    });
    let error = disk.open().unwrap_err();
    assert!(matches!(error, StoreError::Io { .. }), "{error}");
    let message = error.to_string();
    for part in ["test backend", "read-only", "mount it"] {
        assert!(message.contains(part), "{part} is not in: {message}");
    }
}

/// Whether permissions mean anything to this process; they do not to root.
fn binds(path: &Path) -> bool {
    let is_refused = match path.is_dir() {
        true => File::create(path.join("probe")).is_err(),
        false => File::options().write(true).open(path).is_err(),
    };
    if !is_refused {
        println!("skipped: this user may write everything");
    }
    is_refused
}
