//! Snapshots block nobody, whatever their size, and files hold a whole document or the one before it.

mod persistent_collections;

use http::StatusCode;
use kr_runtime::prelude::*;
use kr_runtime::snapshot::FileError;
use kr_tests::{Client, serve};
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::tempdir;

/// 50 MB of text.
#[derive(Clone, Serialize, SharedState)]
#[shared_state(lock = "archive")]
struct Archive {
    pages: Vec<String>,
    edits: u64,
}

#[derive(Clone, Host)]
struct Library {
    archive: Shared<Archive>,
    desk: Shared<Desk>,
}

/// Something small beside it.
#[derive(Clone, Serialize, SharedState)]
#[shared_state(lock = "archive")]
struct Desk(u64);

#[kr_route(post, "/export")]
#[locked("archive")]
fn export(archive: &Archive) -> Result<String, Problem> {
    let document = Snapshot::new(archive).to_string();
    EXPORTED.store(true, Ordering::SeqCst);
    document.map_err(|_| Problem::internal())
}

static EXPORTED: AtomicBool = AtomicBool::new(false);

#[kr_route(post, "/edit")]
#[locked("archive")]
fn edit(desk: &mut Desk) -> Json<bool> {
    desk.0 += 1;
    Json(EXPORTED.load(Ordering::SeqCst))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_of_fifty_megabytes_does_not_delay_writes() {
    let library = Library {
        archive: Shared::new(Archive {
            pages: vec!["p".repeat(1000); 50_000],
            edits: 0,
        }),
        desk: Shared::new(Desk(0)),
    };
    let app = App::new("Library", library.clone()).mount(routes![export, edit]);
    let address = serve(app.into_router().unwrap()).await;
    let mut editor = Client::connect(address).await;
    let exporting = tokio::spawn(async move {
        let exported = Client::connect(address).await.post("/export").await;
        assert_eq!(exported.status, StatusCode::OK);
        exported.body.len()
    });
    let mut before_it_was_done = 0;
    while editor.post("/edit").await.json() == false {
        before_it_was_done += 1;
    }
    assert!(exporting.await.unwrap() > 50_000_000);
    assert!(before_it_was_done > 10, "writes waited for the export");
}

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
