//! `/livez` and `/readyz`, for the machines that look after a service.

use super::health::Health;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

/// The two paths, for the operations listener and, if the application says so, its own.
pub(crate) fn probes(health: &Arc<Health>) -> Router {
    let (alive, ready) = (Arc::clone(health), Arc::clone(health));
    Router::new()
        .route("/livez", get(async move || answer(alive.is_alive())))
        .route("/readyz", get(async move || answer(ready.is_ready())))
}

fn answer(result: Result<(), String>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    match result {
        Ok(()) => (headers, "ok\n").into_response(),
        Err(reason) => (
            StatusCode::SERVICE_UNAVAILABLE,
            headers,
            format!("{reason}\n"),
        )
            .into_response(),
    }
}
