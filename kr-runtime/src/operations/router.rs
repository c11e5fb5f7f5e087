//! Everything that the operations listener answers.

use super::access::guard;
use super::api;
use super::api_snapshots;
use super::events;
use super::metrics::{CONTENT_TYPE, render};
use super::page;
use super::probes::probes;
use super::shared::Shared;
use crate::http::{method_not_allowed, not_found};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    let guarded = shared.guarded.clone();
    let health = Arc::clone(&shared.service.health);
    Router::new()
        .route("/metrics", get(metrics))
        .route("/events", get(events::events))
        .merge(api::router())
        .merge(api_snapshots::router())
        .merge(page::router())
        .with_state(shared)
        .merge(probes(&health))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(guarded, guard))
        .layer(from_fn(with_headers))
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let text = render(&shared.service, &shared.observed.histories).await;
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response()
}

/// Nothing is loaded from elsewhere, and nothing is shown in somebody else's page.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What every response says to a browser.
async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // With `no-referrer`, browsers would send `Origin: null` with each form.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}
