//! A process whose only application has a root: all of its code has that root.

use kr_runtime::prelude::*;
use tempfile::tempdir;

#[derive(Host)]
struct Empty {}

#[test]
fn relative_snapshot_files_are_in_the_only_root() {
    let folder = tempdir().unwrap();
    let app = App::new("Rooted", Empty {}).root(folder.path());
    assert!(app.into_router().is_ok());
    Snapshot::new(7).write_to("backup/state.xml").unwrap();
    assert!(folder.path().join("backup/state.xml").is_file());
    assert_eq!(*Snapshot::<i32>::read_from("backup/state.xml").unwrap(), 7);
}
