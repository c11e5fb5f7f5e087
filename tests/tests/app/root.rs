//! `App::root`: where relative snapshot paths start. It is set once for the whole process.

use kr_runtime::prelude::*;
use std::fs;
use tempfile::tempdir;

#[derive(Host)]
struct Empty {}

#[test]
fn relative_snapshot_files_are_in_the_root() {
    let folder = tempdir().unwrap();
    let app = App::new("Rooted", Empty {}).root(folder.path());
    assert!(app.into_router().is_ok());
    Snapshot::new(7).write_to("backup/state.xml").unwrap();
    assert!(folder.path().join("backup/state.xml").is_file());
    assert_eq!(*Snapshot::<i32>::read_from("backup/state.xml").unwrap(), 7);

    let elsewhere = tempdir().unwrap();
    let second = App::new("Second", Empty {}).root(elsewhere.path());
    let refused = second.into_router().unwrap_err().to_string();
    assert!(refused.contains("another application"), "{refused}");
    let absolute = elsewhere.path().join("state.xml");
    Snapshot::new(8).write_to(&absolute).unwrap();
    assert!(fs::exists(&absolute).unwrap());
}
