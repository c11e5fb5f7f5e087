//! The list of states.

use super::address::address;
use super::shell;
use crate::operations::access::Client;
use crate::operations::shared::Shared;
use crate::operations::states::list::list;
use crate::operations::time::human;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::html;
use std::sync::Arc;

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
) -> Response {
    let states = list(&shared.service, &shared.observed.histories).await;
    let content = html! {
        @if states.is_empty() {
            p { "The host has no state." }
        } @else {
            div.scroll #refresh tabindex="0" role="region" aria-label="States" {
                table {
                    thead { tr {
                        th scope="col" { "State" }
                        th scope="col" { "Lock" }
                        th.number scope="col" { "Revision" }
                        th.number scope="col" { "Size" }
                        th scope="col" { "Last change" }
                    } }
                    tbody {
                        @for state in &states {
                            tr {
                                th scope="row" { a href=(address(state.name)) { (state.name) }
                                    @if state.has_secrets { " " span.badge { "secrets" } } }
                                td { code { (state.lock) } }
                                td.number {
                                    @match (state.is_keyed, state.revision, state.instances) {
                                        (true, _, Some(count)) => (format!("{count} instances")),
                                        (true, _, None) => "not known now",
                                        (_, Some(revision), _) => (revision),
                                        _ => "",
                                    }
                                }
                                td.number { @if let Some(bytes) = state.bytes { (size(bytes)) } }
                                td { @match state.changed {
                                    Some(changed) => (format!("{} ago", human(changed.elapsed().unwrap_or_default()))),
                                    None if state.is_keyed => "",
                                    None => "not since the start",
                                } }
                            }
                        }
                    }
                }
            }
        }
    };
    shell::page(&shared, &client, "states", "States", &content)
}

pub(super) fn size(bytes: usize) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
