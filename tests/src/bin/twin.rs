//! The tutorial's state by hand, on axum alone: what `benches/requests.rs` compares kr with.
//!
//! It is written as one would: a `std::sync::Mutex` held for the change, what the answer needs copied out of it.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use kr_runtime::Timestamp;
use serde::Serialize;
use std::io::Write;
use std::sync::{Arc, Mutex};

#[derive(Clone)]
struct AppState {
    visit_count: i32,
    notes: Vec<String>,
    last_updated: Timestamp,
}

type Shared = Arc<Mutex<AppState>>;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StateView {
    visit_count: i32,
    notes: Vec<String>,
    last_updated: Timestamp,
    snapshot_lock_key: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    message: &'static str,
    visit_count: i32,
    notes: Vec<String>,
}

async fn state(State(shared): State<Shared>) -> Json<StateView> {
    let state = shared.lock().expect("no panics").clone();
    Json(StateView {
        visit_count: state.visit_count,
        notes: state.notes,
        last_updated: state.last_updated,
        snapshot_lock_key: "tutorial:shared-state-snapshot",
    })
}

async fn visit(State(shared): State<Shared>) -> Json<Changed> {
    let mut state = shared.lock().expect("no panics");
    state.visit_count = state.visit_count.saturating_add(1);
    state.last_updated = Timestamp::now();
    Json(Changed {
        message: "Visit recorded",
        visit_count: state.visit_count,
        notes: state.notes.clone(),
    })
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let shared = Arc::new(Mutex::new(AppState {
        visit_count: 0,
        notes: Vec::new(),
        last_updated: Timestamp::now(),
    }));
    let app = Router::new()
        .route("/state", get(state))
        .route("/visit", post(visit))
        .with_state(shared);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "Twin listening on http://{}", listener.local_addr()?)?;
    out.flush()?;
    drop(out);
    let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await
}
