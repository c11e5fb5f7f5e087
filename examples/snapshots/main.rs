//! The tutorial: a document shared by all requests, changed under one named lock, exported and imported as PowerShell's
//! serialized XML. Read it from top to bottom; `examples/README.md` tells the story.
//!
//! ```text
//! cargo run --example snapshots            # 127.0.0.1:5000
//! PORT=8080 cargo run --example snapshots  # 127.0.0.1:8080
//! ```

use kr_runtime::prelude::*;
use kr_runtime::snapshot;
use std::sync::Arc;
use tracing_subscriber::EnvFilter;

/// The lock that guards the document. Every handler names it, and the compiler compares: another name does not compile.
const SNAPSHOT_LOCK: &str = "tutorial:shared-state-snapshot";

/// The shared document. `Clone` makes the draft that a handler changes; serde's names are those that PowerShell sees.
#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = SNAPSHOT_LOCK)]
#[serde(rename_all = "PascalCase")]
struct AppState {
    visit_count: i32,
    /// In an `Arc`, so that drafts and answers share the list; only adding a note copies it.
    notes: Arc<Vec<String>>,
    #[serde(with = "kr_runtime::clixml::datetime")]
    last_updated: Timestamp,
}

impl AppState {
    fn empty() -> Self {
        Self {
            visit_count: 0,
            notes: Arc::default(),
            last_updated: Timestamp::now(),
        }
    }
}

/// The host lists the states of the application. A handler that borrows one that is not here does not compile.
#[derive(Host)]
struct Tutorial {
    app_state: Shared<AppState>,
}

// ---- Reading: `&AppState` is the last committed value. No lock is taken, and nothing is copied. ----

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StateView<'a> {
    visit_count: i32,
    notes: &'a [String],
    last_updated: Timestamp,
    snapshot_lock_key: &'static str,
}

#[kr_route(get, "/state", cached)] // depends on the state alone: unchanged, it is answered from the same bytes
#[locked(SNAPSHOT_LOCK)]
fn state(state: &AppState) -> Json<StateView<'_>> {
    Json(StateView {
        visit_count: state.visit_count,
        notes: &state.notes,
        last_updated: state.last_updated,
        snapshot_lock_key: SNAPSHOT_LOCK,
    })
}

// ---- Writing: `&mut AppState` is a draft. All of it is published when the handler returns, or nothing at all. ----

/// What a change answers: owned, since the response is built after the lock is released.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    message: &'static str,
    visit_count: i32,
    notes: Arc<Vec<String>>,
}

impl Changed {
    fn new(message: &'static str, state: &AppState) -> Json<Self> {
        Json(Self {
            message,
            visit_count: state.visit_count,
            notes: Arc::clone(&state.notes),
        })
    }
}

#[kr_route(post, "/visit")]
#[locked(SNAPSHOT_LOCK)]
fn visit(state: &mut AppState) -> Json<Changed> {
    state.visit_count = state.visit_count.saturating_add(1);
    state.last_updated = Timestamp::now();
    Changed::new("Visit recorded", state)
}

#[derive(Deserialize)]
struct NoteRequest {
    note: Option<String>,
}

/// `Err` rolls back; a missing body is told from a wrong one by `Option`.
#[kr_route(post, "/note")]
#[locked(SNAPSHOT_LOCK)]
fn note(state: &mut AppState, body: Option<Json<NoteRequest>>) -> Result<Json<Changed>, Problem> {
    let note = body
        .and_then(|Json(body)| body.note)
        .filter(|note| !note.trim().is_empty())
        .ok_or(Problem::bad_request("note is required"))?;
    Arc::make_mut(&mut state.notes).push(note);
    state.last_updated = Timestamp::now();
    Ok(Changed::new("Note added", state))
}

// ---- Snapshots: written and read outside the lock, in the format of Export-Clixml and Import-Clixml. ----

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Exported<'a> {
    snapshot: Snapshot<&'a AppState>,
    visit_count: i32,
    note_count: usize,
    exported_at: Timestamp,
}

/// The document is written while the answer is, from the committed value: changes go on meanwhile.
#[kr_route(post, "/snapshot/export")]
#[locked(SNAPSHOT_LOCK)]
fn export(state: &AppState) -> Json<Exported<'_>> {
    Json(Exported {
        snapshot: Snapshot::new(state),
        visit_count: state.visit_count,
        note_count: state.notes.len(),
        exported_at: Timestamp::now(),
    })
}

#[kr_route(post, "/snapshot/reset")]
#[locked(SNAPSHOT_LOCK)]
fn reset(state: &mut AppState) -> Json<Changed> {
    *state = AppState::empty();
    Changed::new("State reset", state)
}

#[derive(Deserialize)]
struct ImportRequest {
    #[serde(default, with = "snapshot::optional")]
    snapshot: Option<Snapshot<AppState>>,
}

/// The snapshot is decoded with the body, before the lock is taken. A bad one is answered with 400 and changes nothing.
#[kr_route(post, "/snapshot/import")]
#[locked(SNAPSHOT_LOCK)]
fn import(
    state: &mut AppState,
    body: Option<Json<ImportRequest>>,
) -> Result<Json<Changed>, Problem> {
    *state = body
        .and_then(|Json(body)| body.snapshot)
        .ok_or(Problem::bad_request("snapshot is required"))?
        .into_inner();
    Ok(Changed::new("Snapshot restored", state))
}

#[tokio::main]
async fn main() -> kr_runtime::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();

    let host = Tutorial {
        app_state: Shared::new(AppState::empty()),
    };
    App::new("Shared State Snapshot Server", host)
        .mount(routes![state, visit, note, export, reset, import])
        .run() // 127.0.0.1, PORT or 5000; Ctrl-C and SIGTERM let running requests finish
        .await
}
