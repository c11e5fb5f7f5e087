//! `arc_swap::ArcSwap`: reads load the `Arc` and borrow, writes clone the document one at a time and publish the clone.
//!
//! kr does the same internally, and adds deadlines, fairness and a defined result of a panic.

use crate::document::{AppState, Changed, Exported, ImportRequest, NoteRequest, StateView};
use crate::error::Error;
use arc_swap::ArcSwap;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

#[derive(Clone)]
struct Store(Arc<Inner>);

struct Inner {
    committed: ArcSwap<AppState>,
    /// One writer at a time.
    writing: Mutex<()>,
}

impl Store {
    fn change(&self, change: impl FnOnce(&mut AppState)) -> Arc<AppState> {
        let _one = self
            .0
            .writing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut next = AppState::clone(&self.0.committed.load());
        change(&mut next);
        let next = Arc::new(next);
        self.0.committed.store(Arc::clone(&next));
        next
    }
}

pub(crate) fn router() -> Router {
    let inner = Inner {
        committed: ArcSwap::from_pointee(AppState::empty()),
        writing: Mutex::new(()),
    };
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
        .with_state(Store(Arc::new(inner)))
}

async fn state(State(store): State<Store>) -> Response {
    Json(StateView::borrowed(&store.0.committed.load())).into_response()
}

async fn visit(State(store): State<Store>) -> Response {
    let state = store.change(AppState::visit);
    Json(Changed::borrowed("Visit recorded", &state)).into_response()
}

async fn note(
    State(store): State<Store>,
    request: Option<Json<NoteRequest>>,
) -> Result<Response, Error> {
    let note = NoteRequest::note(request)?;
    let state = store.change(|state| state.note(note));
    Ok(Json(Changed::borrowed("Note added", &state)).into_response())
}

async fn export(State(store): State<Store>) -> Result<Json<Exported>, Error> {
    Ok(Json(Exported::of(&store.0.committed.load_full())?))
}

async fn reset(State(store): State<Store>) -> Response {
    let state = store.change(|state| *state = AppState::empty());
    Json(Changed::borrowed("State reset", &state)).into_response()
}

async fn import(
    State(store): State<Store>,
    request: Option<Json<ImportRequest>>,
) -> Result<Response, Error> {
    let restored = ImportRequest::state(request)?;
    let state = store.change(|state| *state = restored);
    Ok(Json(Changed::borrowed("Snapshot restored", &state)).into_response())
}

/// A slow write. Reads continue.
async fn hold(State(store): State<Store>, Path(millis): Path<u64>) -> Result<(), Error> {
    let held = tokio::task::spawn_blocking(move || {
        store.change(|state| {
            std::thread::sleep(Duration::from_millis(millis));
            state.visit();
        });
    });
    held.await
        .map_err(|error| Error::from(format!("the work did not end: {error}")))
}
