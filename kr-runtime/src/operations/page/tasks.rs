//! The background tasks.

use super::shell;
use crate::operations::access::Client;
use crate::operations::api::task_list;
use crate::operations::shared::Shared;
use crate::operations::time::rfc3339;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::html;
use std::sync::Arc;

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
) -> Response {
    let tasks = task_list(&shared);
    let content = html! {
        @if tasks.is_empty() {
            p { "The application has no background tasks." }
        } @else {
            div.scroll #refresh tabindex="0" role="region" aria-label="Tasks" {
                table {
                    thead { tr {
                        th scope="col" { "Task" }
                        th scope="col" { "Now" }
                        th.number scope="col" { "Restarts" }
                        th scope="col" { "Last panic" }
                    } }
                    tbody {
                        @for task in &tasks {
                            tr {
                                th scope="row" { (task.name) }
                                td { (task.state) }
                                td.number { (task.restarts) }
                                td {
                                    @if let (Some(message), Some(at)) = (&task.last_panic, task.last_panic_at) {
                                        (rfc3339(at)) ": " (message)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    shell::page(&shared, &client, "tasks", "Tasks", &content)
}
