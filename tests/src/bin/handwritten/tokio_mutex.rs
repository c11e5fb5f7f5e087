//! `tokio::sync::Mutex`, which can be held across an `.await`. What the response needs is copied out.

use crate::document::{AppState, Changed, Exported, ImportRequest, NoteRequest, StateView};
use crate::error::Error;
use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

type Store = Arc<Mutex<AppState>>;
type Reply = Json<Changed<Vec<String>>>;

pub(crate) fn router() -> Router {
    Router::new()
        .route("/state", get(state))
        .route("/visit", post(visit))
        .route("/note", post(note))
        .route("/snapshot/export", post(export))
        .route("/snapshot/reset", post(reset))
        .route(
            "/snapshot/import",
            post(import).layer(crate::large_bodies()),
        )
        .route("/hold/{millis}", post(hold))
        .with_state(Arc::new(Mutex::new(AppState::empty())))
}

async fn state(State(store): State<Store>) -> Json<StateView<Vec<String>>> {
    let view = StateView::copied(&*store.lock().await);
    Json(view)
}

async fn visit(State(store): State<Store>) -> Reply {
    let mut state = store.lock().await;
    state.visit();
    Json(Changed::copied("Visit recorded", &state))
}

async fn note(
    State(store): State<Store>,
    request: Option<Json<NoteRequest>>,
) -> Result<Reply, Error> {
    let note = NoteRequest::note(request)?;
    let mut state = store.lock().await;
    state.note(note);
    Ok(Json(Changed::copied("Note added", &state)))
}

async fn export(State(store): State<Store>) -> Result<Json<Exported>, Error> {
    let copy = store.lock().await.clone();
    Ok(Json(Exported::of(&copy)?))
}

async fn reset(State(store): State<Store>) -> Reply {
    let mut state = store.lock().await;
    *state = AppState::empty();
    Json(Changed::copied("State reset", &state))
}

async fn import(
    State(store): State<Store>,
    request: Option<Json<ImportRequest>>,
) -> Result<Reply, Error> {
    let restored = ImportRequest::state(request)?;
    let mut state = store.lock().await;
    *state = restored;
    Ok(Json(Changed::copied("Snapshot restored", &state)))
}

/// Slow work under the lock.
async fn hold(State(store): State<Store>, Path(millis): Path<u64>) {
    let mut state = store.lock().await;
    tokio::time::sleep(Duration::from_millis(millis)).await;
    state.visit();
}
