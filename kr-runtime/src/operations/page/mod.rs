//! The pages, made on the server. They need no script: it only moves what is there.
//!
//! All addresses are relative and without a slash, so that a proxy may put everything under a prefix. There is no script,
//! style or address in the markup that is made of data: names and values are text and attributes, which maud escapes.

mod address;
mod assets;
mod chart;
mod locks;
mod overview;
mod shell;
mod sign_in;
mod snapshots;
mod state;
mod states;
mod store;
mod tasks;
mod tree;

use super::shared::Shared;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use std::sync::Arc;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(overview::page))
        .route("/states", get(states::page))
        .route("/state", get(state::page))
        .route("/locks", get(locks::page))
        .route("/store", get(store::page))
        .route("/tasks", get(tasks::page))
        .route("/snapshots", get(snapshots::page))
        .route("/before", get(snapshots::before))
        .merge(forms_with_files())
        .route("/restore", post(snapshots::confirm))
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/style.css", get(assets::style))
        .route("/page.js", get(assets::script))
}

/// What has files in it goes to a file, and is limited there. Everything else is small, whoever sends it.
fn forms_with_files() -> Router<Arc<Shared>> {
    Router::new()
        .route("/preview", post(snapshots::preview))
        .route("/compare", post(snapshots::comparison))
        .layer(DefaultBodyLimit::disable())
}
