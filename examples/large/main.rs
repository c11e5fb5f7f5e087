//! A large document: a million notes, of which a change copies only a few.
//!
//! ```text
//! cargo run --release --example large
//! curl -s --json '"remember helmet"' localhost:5000/notes
//! curl -s 'localhost:5000/notes?from=0&count=2'
//! ```
//!
//! A handler with `&mut` works on a draft, a clone of the whole state. How much the clone costs depends on the types in
//! it. With a persistent collection, the clone shares everything with the committed value, and a change copies only the
//! path to the changed element. A snapshot has the same text as one of a `Vec`.

use kr_runtime::axum::extract::Query;
use kr_runtime::prelude::*;
use kr_runtime::snapshot;
use kr_runtime::{OpenApi, Operations};
use rpds::VectorSync;
use schemars::JsonSchema;

const NOTES_LOCK: &str = "large:notes";

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = NOTES_LOCK)]
#[serde(rename_all = "PascalCase")]
struct NoteBook {
    /// Cheap to clone, whatever its length.
    notes: VectorSync<String>,
    #[serde(with = "kr_runtime::clixml::datetime")]
    last_updated: Timestamp,
}

#[derive(Host)]
struct Large {
    note_book: Shared<NoteBook>,
}

#[derive(Deserialize, JsonSchema)]
struct Page {
    #[serde(default)]
    from: usize,
    #[serde(default = "page")]
    count: usize,
}

fn page() -> usize {
    20
}

#[kr_route(get, "/notes")]
#[locked(NOTES_LOCK)]
fn notes(book: &NoteBook, Query(page): Query<Page>) -> Json<Vec<&String>> {
    let notes = (page.from..book.notes.len()).take(page.count);
    Json(notes.filter_map(|index| book.notes.get(index)).collect())
}

/// The response has only what changed, not the whole document.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Changed {
    note_count: usize,
}

#[kr_route(post, "/notes")]
#[locked(NOTES_LOCK)]
fn add(book: &mut NoteBook, Json(note): Json<String>) -> Json<Changed> {
    book.notes.push_back_mut(note);
    book.last_updated = Timestamp::now();
    Json(Changed {
        note_count: book.notes.len(),
    })
}

#[derive(Serialize, JsonSchema)]
struct Exported<'a> {
    snapshot: Snapshot<&'a NoteBook>,
}

#[kr_route(post, "/snapshot/export")]
#[locked(NOTES_LOCK)]
fn export(book: &NoteBook) -> Json<Exported<'_>> {
    Json(Exported {
        snapshot: Snapshot::new(book),
    })
}

#[derive(Deserialize, JsonSchema)]
struct ImportRequest {
    #[serde(default, with = "snapshot::optional")]
    #[schemars(with = "Option<Snapshot<NoteBook>>")]
    snapshot: Option<Snapshot<NoteBook>>,
}

#[kr_route(post, "/snapshot/import")]
#[locked(NOTES_LOCK)]
fn import(book: &mut NoteBook, Json(body): Json<ImportRequest>) -> Result<Json<Changed>, Problem> {
    *book = body
        .snapshot
        .ok_or(Problem::bad_request("snapshot is required"))?
        .into_inner();
    Ok(Json(Changed {
        note_count: book.notes.len(),
    }))
}

#[tokio::main]
async fn main() -> kr_runtime::Result<()> {
    let host = Large {
        note_book: Shared::new(NoteBook {
            notes: VectorSync::new_sync(),
            last_updated: Timestamp::now(),
        }),
    };
    App::new("A large document", host)
        .mount(routes![notes, add, export, import])
        .body_limit(200_000_000)
        .allowed_hosts(["localhost", "127.0.0.1", "[::1]"])
        .same_site()
        .openapi(OpenApi::new(env!("CARGO_PKG_VERSION"))) // at /openapi.json, and a page at /docs
        .operations(Operations::from_env()) // at KR_OPERATIONS, if that is set
        .run()
        .await
}
