//! The store.

use super::shell;
use crate::operations::access::Client;
use crate::operations::shared::Shared;
use crate::operations::store::view;
use crate::operations::time::{human, rfc3339};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::html;
use std::sync::Arc;
use std::time::Duration;

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
) -> Response {
    let store = view(&shared.service);
    let seconds = |seconds: Option<f64>| match seconds {
        Some(seconds) => human(Duration::from_secs_f64(seconds)),
        None => "–".to_owned(),
    };
    let content = html! {
        @if let Some(reason) = &store.closed {
            p.problem role="alert" { "The store takes no more commits until the program is started again: " (reason) }
        }
        dl.facts #refresh {
            div { dt { "Where" } dd { (store.name) } }
            @if store.is_memory {
                div { dt { "Kept" } dd { "as long as the process runs" } }
            } @else {
                div { dt { "Batches written" } dd { (store.batches) } }
                div { dt { "Commits in them" } dd { (store.commits) } }
                div { dt { "A batch takes, on average" } dd { (seconds(store.sync_seconds_mean)) } }
                div { dt { "99 of 100 take at most" } dd { (seconds(store.sync_seconds_p99)) } }
                div { dt { "Batches not written" } dd { (store.errors) } }
            }
        }
        @if let (Some(reason), Some(at)) = (&store.last_error, store.last_error_at) {
            h2 { "Last error" }
            p { (rfc3339(at)) ": " (reason) }
        }
    };
    shell::page(&shared, &client, "store", "Store", &content)
}
