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

/// The names in a folder that are no snapshots.
fn temporary_files(folder: &std::path::Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".tmp")).collect()
}

#[test]
fn what_a_crash_leaves_behind_is_removed_by_the_next_save_of_that_file() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("state.xml");
    let other = folder.path().join("other.xml");
    let (abandoned, of_other) = (temporary_prefix(&path), temporary_prefix(&other));
    for name in [
        format!("{abandoned}aaaaaa.tmp"),
        format!("{abandoned}bbbbbb.tmp"),
    ] {
        fs::write(folder.path().join(name), "half").unwrap();
    }
    let others = format!("{of_other}cccccc.tmp");
    fs::write(folder.path().join(&others), "half").unwrap();
    let mine = "notes.tmp".to_owned();
    fs::write(folder.path().join(&mine), "not of kr").unwrap();
    // A living process holds the lock of its file.
    let living = format!("{abandoned}dddddd.tmp");
    let file = fs::File::create(folder.path().join(&living)).unwrap();
    file.lock().unwrap();

    Snapshot::new(1).write_to(&path).unwrap();
    let mut left = temporary_files(folder.path());
    left.sort();
    let mut expected = vec![others, mine.clone(), living];
    expected.sort();
    assert_eq!(left, expected);

    drop(file);
    Snapshot::new(1).write_to(&path).unwrap();
    Snapshot::new(1).write_to(&other).unwrap();
    assert_eq!(temporary_files(folder.path()), [mine]);
}

/// The start of the names of the temporary files for one target.
fn temporary_prefix(path: &std::path::Path) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in path.file_name().unwrap().as_encoded_bytes() {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!(".kr-snapshot-{hash:016x}-")
}

#[test]
fn saves_of_several_threads_do_not_remove_files_of_each_other() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("state.xml");
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let path = &path;
            scope.spawn(move || {
                for count in 0..50 {
                    Snapshot::new(document(thread * 100 + count))
                        .write_to(path)
                        .unwrap();
                }
            });
        }
    });
    Snapshot::<Document>::read_from(&path).unwrap();
    assert!(temporary_files(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_followed() {
    use std::os::unix::fs::symlink;
    let folder = tempdir().unwrap();
    let real = folder.path().join("data");
    fs::create_dir(&real).unwrap();
    let link = folder.path().join("link.xml");
    symlink("data/second.xml", &link).unwrap();
    symlink("state.xml", real.join("second.xml")).unwrap();
    // At first the target does not exist.
    for count in [1, 2] {
        Snapshot::new(count).write_to(&link).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(
            fs::symlink_metadata(real.join("second.xml"))
                .unwrap()
                .is_symlink()
        );
        assert!(
            fs::symlink_metadata(real.join("state.xml"))
                .unwrap()
                .is_file()
        );
        assert_eq!(
            *Snapshot::<i32>::read_from(real.join("state.xml")).unwrap(),
            count
        );
    }
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    symlink(&other, &one).unwrap();
    symlink(&one, &other).unwrap();
    assert!(Snapshot::new(1).write_to(&one).is_err());
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_mode_whatever_the_umask() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = tempdir().unwrap();
    let path = folder.path().join("state.xml");
    Snapshot::new(1).write_to(&path).unwrap();
    let owner = fs::metadata(&path).unwrap();
    // The usual umask, 022, clears the bits for writing of the group and of others.
    for mode in [0o666, 0o660, 0o600, 0o444, 0o2664] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let set = fs::metadata(&path).unwrap().permissions().mode();
        Snapshot::new(2).write_to(&path).unwrap();
        let new = fs::metadata(&path).unwrap();
        assert_eq!(new.permissions().mode(), set);
        assert_eq!((new.uid(), new.gid()), (owner.uid(), owner.gid()));
    }
    // Root may give files away.
    if std::os::unix::fs::chown(&path, Some(12345), Some(12346)).is_ok() {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        Snapshot::new(3).write_to(&path).unwrap();
        let new = fs::metadata(&path).unwrap();
        assert_eq!(
            (new.uid(), new.gid(), new.mode() & 0o7777),
            (12345, 12346, 0o640)
        );
    }
}

#[test]
fn a_document_that_could_not_be_read_is_not_written() {
    use kr_runtime::clixml::{Category, ReadOptions, WriteOptions};
    let folder = tempdir().unwrap();
    let path = folder.path().join("state.xml");
    Snapshot::new(1).write_to(&path).unwrap();

    let mut deep = serde_json::json!(1);
    for _ in 0..60 {
        deep = serde_json::json!([deep]);
    }
    let error = Snapshot::new(&deep)
        .write_to(&path)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("49 levels that PowerShell reads") && error.contains("readable_by"),
        "{error}"
    );

    // The limits of the reader, made small: the defaults take gigabytes to reach.
    let too_large = |limits: ReadOptions, value: &serde_json::Value, part: &str| {
        let options = WriteOptions::new().readable_by(limits.clone());
        let error = Snapshot::new(value)
            .write_to_with(&path, &options)
            .unwrap_err();
        let text = error.to_string();
        let FileError::Document { source, .. } = error else {
            panic!("{error}")
        };
        assert_eq!(source.category(), Category::Limit);
        assert!(text.contains(part) && text.contains("allowed"), "{text}");
        let document = Snapshot::new(value).to_string().unwrap();
        assert!(limits.from_str::<serde_json::Value>(&document).is_err());
    };
    let numbers: serde_json::Value = (0..1000).collect();
    too_large(ReadOptions::new().max_bytes(1000), &numbers, "bytes");
    too_large(
        ReadOptions::new().max_elements(1004),
        &numbers,
        "1007 elements",
    );
    too_large(
        ReadOptions::new().max_text(100),
        &"x".repeat(101).into(),
        "101 bytes",
    );
    assert_eq!(*Snapshot::<i32>::read_from(&path).unwrap(), 1);

    // At the limit it is written and read.
    let limits = ReadOptions::new().max_elements(1007);
    let options = WriteOptions::new().readable_by(limits.clone());
    Snapshot::new(&numbers)
        .write_to_with(&path, &options)
        .unwrap();
    assert_eq!(
        *Snapshot::<serde_json::Value>::read_from_with(&path, &limits).unwrap(),
        numbers
    );

    let limits = ReadOptions::new().max_depth(100);
    let options = WriteOptions::new().readable_by(limits.clone());
    Snapshot::new(&deep).write_to_with(&path, &options).unwrap();
    assert_eq!(
        *Snapshot::<serde_json::Value>::read_from_with(&path, &limits).unwrap(),
        deep
    );
    assert!(Snapshot::<serde_json::Value>::read_from(&path).is_err());
}

#[test]
fn many_elements_are_refused_before_the_file_is_replaced() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("state.xml");
    Snapshot::new(1).write_to(&path).unwrap();
    let error = Snapshot::new(vec![true; 8_000_001])
        .write_to(&path)
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("more than the 8000000 that are allowed"),
        "{error}"
    );
    let error = Snapshot::new("x".repeat((64 << 20) + 1))
        .write_to(&path)
        .unwrap_err();
    assert!(error.to_string().contains("one text has"), "{error}");
    assert_eq!(*Snapshot::<i32>::read_from(&path).unwrap(), 1);
}
