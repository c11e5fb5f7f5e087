//! The tutorial: one document that all requests share. It is changed under a named lock, and exported and imported as
//! CLIXML, PowerShell's XML format. Read the file from top to bottom; `examples/README.md` explains each step.
//!
//! ```text
//! cargo run --example snapshots            # 127.0.0.1:5000
//! PORT=8080 cargo run --example snapshots  # 127.0.0.1:8080
//! ```

use kr_runtime::prelude::*;
use kr_runtime::snapshot;
use kr_runtime::{OpenApi, Operations};
use schemars::JsonSchema;
use std::sync::Arc;
use tracing_subscriber::EnvFilter;

/// The lock that guards the document. Every handler names it; with another name it does not compile.
const SNAPSHOT_LOCK: &str = "tutorial:shared-state-snapshot";

/// The shared document. `Clone` makes the draft that a handler changes. Serde's names appear in snapshots.
#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = SNAPSHOT_LOCK)]
#[serde(rename_all = "PascalCase")]
struct AppState {
    visit_count: i32,
    /// An `Arc`, so that drafts and responses share the list. Only adding a note copies it.
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

/// The host lists the application's states. A handler that borrows a state without a field here does not compile.
#[derive(Host)]
struct Tutorial {
    app_state: Shared<AppState>,
}

// ---- Read: `&AppState` is the last committed value. No lock is taken, and nothing is copied. ----

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct StateView<'a> {
    visit_count: i32,
    notes: &'a [String],
    last_updated: Timestamp,
    snapshot_lock_key: &'static str,
}

#[kr_route(get, "/state", cached)] // until the next commit, kr sends the same bytes again
#[locked(SNAPSHOT_LOCK)]
fn state(state: &AppState) -> Json<StateView<'_>> {
    Json(StateView {
        visit_count: state.visit_count,
        notes: &state.notes,
        last_updated: state.last_updated,
        snapshot_lock_key: SNAPSHOT_LOCK,
    })
}

// ---- Write: `&mut AppState` is a draft. When the handler returns, all of it is committed, or nothing. ----

// It owns its data, because kr builds the response after releasing the lock.
/// What a change has led to.
#[derive(Serialize, JsonSchema)]
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

#[derive(Deserialize, JsonSchema)]
struct NoteRequest {
    note: Option<String>,
}

/// `Err` rolls back. With `Option`, a missing body is `None`, and a wrong one still gets a 400.
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

// ---- Snapshots: written and read outside the lock, as CLIXML. ----

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Exported<'a> {
    snapshot: Snapshot<&'a AppState>,
    visit_count: i32,
    note_count: usize,
    exported_at: Timestamp,
}

/// The snapshot is written while the response is built, from the committed value. Other requests can change the state
/// meanwhile.
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

#[derive(Deserialize, JsonSchema)]
struct ImportRequest {
    #[serde(default, with = "snapshot::optional")]
    #[schemars(with = "Option<Snapshot<AppState>>")]
    snapshot: Option<Snapshot<AppState>>,
}

/// The snapshot is decoded with the body, before the lock is taken. A bad one gets a 400 and changes nothing.
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
        .log_internal_errors(false) // a log that nobody reads is no reason to panic
        .init();

    let host = Tutorial {
        app_state: Shared::new(AppState::empty()),
    };
    App::new("Shared State Snapshot Server", host)
        .mount(routes![state, visit, note, export, reset, import])
        .allowed_hosts(["localhost", "127.0.0.1", "[::1]"]) // add the names under which others reach the server
        .same_site() // refuses changes that a page of another site starts
        .openapi(OpenApi::new(env!("CARGO_PKG_VERSION"))) // the API at /openapi.json, and a page to try it at /docs
        .operations(Operations::from_env()) // to see and operate it: KR_OPERATIONS=9000
        .run() // on 127.0.0.1, port PORT or 5000; on Ctrl-C or SIGTERM, running requests finish first
        .await
}
