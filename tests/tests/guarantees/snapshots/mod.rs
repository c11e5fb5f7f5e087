//! A snapshot blocks no request, whatever its size.

mod files;
mod persistent_collections;

use http::StatusCode;
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use std::sync::atomic::{AtomicBool, Ordering};

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

/// A small state under the same lock.
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
    let mut during_export = 0;
    while editor.post("/edit").await.json() == false {
        during_export += 1;
    }
    assert!(exporting.await.unwrap() > 50_000_000);
    assert!(during_export > 10, "writes waited for the export");
}
