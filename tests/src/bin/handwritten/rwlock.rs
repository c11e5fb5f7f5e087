//! `std::sync::RwLock`: responses to reads are serialized under the shared lock, so that nothing is copied for them. A change
//! holds the lock exclusively, and copies out what its response needs.

use crate::document::{AppState, Changed, Exported, ImportRequest, NoteRequest, StateView};
use crate::error::Error;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

#[derive(Clone)]
struct Store(Arc<RwLock<AppState>>);

impl Store {
    fn read(&self) -> RwLockReadGuard<'_, AppState> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, AppState> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

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
        .with_state(Store(Arc::new(RwLock::new(AppState::empty()))))
}

async fn state(State(store): State<Store>) -> Response {
    Json(StateView::borrowed(&store.read())).into_response()
}

async fn visit(State(store): State<Store>) -> Reply {
    let mut state = store.write();
    state.visit();
    Json(Changed::copied("Visit recorded", &state))
}

async fn note(
    State(store): State<Store>,
    request: Option<Json<NoteRequest>>,
) -> Result<Reply, Error> {
    let note = NoteRequest::note(request)?;
    let mut state = store.write();
    state.note(note);
    Ok(Json(Changed::copied("Note added", &state)))
}

async fn export(State(store): State<Store>) -> Result<Json<Exported>, Error> {
    Ok(Json(Exported::of(&store.read())?))
}

async fn reset(State(store): State<Store>) -> Reply {
    let mut state = store.write();
    *state = AppState::empty();
    Json(Changed::copied("State reset", &state))
}

async fn import(
    State(store): State<Store>,
    request: Option<Json<ImportRequest>>,
) -> Result<Reply, Error> {
    let restored = ImportRequest::state(request)?;
    let mut state = store.write();
    *state = restored;
    Ok(Json(Changed::copied("Snapshot restored", &state)))
}

/// Slow work under the lock. This lock cannot be held across an `.await`, so the work blocks a thread.
async fn hold(State(store): State<Store>, Path(millis): Path<u64>) -> Result<(), Error> {
    let held = tokio::task::spawn_blocking(move || {
        let mut state = store.write();
        std::thread::sleep(Duration::from_millis(millis));
        state.visit();
    });
    held.await
        .map_err(|error| Error::from(format!("the work did not end: {error}")))
}
