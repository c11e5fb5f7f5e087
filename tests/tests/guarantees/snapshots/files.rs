//! A snapshot file holds a complete document: the new one, or the one before it.

use kr_runtime::prelude::*;
use kr_runtime::snapshot::FileError;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::tempdir;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    count: i32,
    at: Timestamp,
}

fn document(count: i32) -> Document {
    Document {
        count,
        at: Timestamp::now(),
    }
}

#[test]
fn a_snapshot_file_round_trips() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("deep/er/state.xml");
    let state = document(7);
    Snapshot::new(&state).write_to(&path).unwrap();
    let restored = Snapshot::<Document>::read_from(&path).unwrap();
    assert_eq!(restored.into_inner(), state);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, Snapshot::new(&state).to_string().unwrap());
}

#[test]
fn a_failed_write_leaves_only_the_old_file() {
    #[derive(Serialize)]
    struct Unwritable {
        before: i32,
        wide: i128,
    }
    let folder = tempdir().unwrap();
    let path = folder.path().join("state.xml");
    let state = document(1);
    Snapshot::new(&state).write_to(&path).unwrap();
    let unwritable = Unwritable { before: 1, wide: 1 };
    let failed = Snapshot::new(&unwritable).write_to(&path).unwrap_err();
    assert!(matches!(failed, FileError::Document { .. }), "{failed}");
    assert_eq!(
        Snapshot::<Document>::read_from(&path).unwrap().into_inner(),
        state
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_reader_never_sees_a_partial_file() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("state.xml");
    Snapshot::new(document(0)).write_to(&path).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for count in 1..200 {
                Snapshot::new(document(count)).write_to(&path).unwrap();
            }
            done.store(true, Ordering::SeqCst);
        });
        while !done.load(Ordering::SeqCst) {
            Snapshot::<Document>::read_from(&path).unwrap();
        }
    });
}

#[test]
fn the_error_names_a_missing_file() {
    let missing = Snapshot::<Document>::read_from("no/such/file.xml").unwrap_err();
    let text = missing.to_string();
    assert!(
        text.contains("cannot read") && text.contains("no/such/file.xml"),
        "{text}"
    );
}

#[test]
fn the_error_for_another_document_names_the_line() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("other.xml");
    Snapshot::new("just text").write_to(&path).unwrap();
    let wrong = Snapshot::<Document>::read_from(&path).unwrap_err();
    let text = wrong.to_string();
    assert!(
        text.contains("other.xml") && text.contains("line 2"),
        "{text}"
    );
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempdir().unwrap();
    let path = folder.path().join("state.xml");
    Snapshot::new(1).write_to(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    Snapshot::new(2).write_to(&path).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
}
