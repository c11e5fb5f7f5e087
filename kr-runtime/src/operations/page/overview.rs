//! The application at a glance.

use super::chart::chart;
use super::shell;
use crate::operations::access::Client;
use crate::operations::shared::Shared;
use crate::operations::ticks::Tick;
use crate::operations::time::human;
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
    let now = shared.overview();
    let seconds = shared.observed.ticks.seconds();
    let values = |of: fn(&Tick) -> u64| -> Vec<f64> {
        seconds.iter().map(|second| of(second) as f64).collect()
    };
    let wait: Vec<f64> = seconds
        .iter()
        .map(|second| second.wait_microseconds as f64 / 1_000.0)
        .collect();
    let content = html! {
        div.charts {
            (chart("requests", "Requests", "a second", &values(|second| second.requests)))
            (chart("commits", "Commits", "a second", &values(|second| second.commits)))
            (chart("roll_backs", "Roll-backs", "a second", &values(|second| second.roll_backs)))
            (chart("wait", "Waiting for locks", "ms a second", &wait))
            (chart("unavailable", "Answered with 503", "a second", &values(|second| second.unavailable)))
        }
        dl.facts {
            div { dt { "Up for" } dd { (human(Duration::from_secs(now.uptime_seconds))) } }
            div { dt { "Requests without a response" } dd data-live="active_requests" { (now.active_requests) } }
            div { dt { "Connections" } dd data-live="connections" { (now.connections) } }
            div { dt { "Clients turned away" } dd data-live="refused" { (now.refused) } }
            div { dt { "Locks in use" } dd data-live="locks" { (now.locks) } }
            div { dt { "Locks held" } dd { a href="locks" data-live="held" { (now.held) } } }
            div { dt { "Requests waiting for a lock" } dd { a href="locks" data-live="waiting" { (now.waiting) } } }
            div { dt { "kr" } dd { (now.version) } }
        }
    };
    shell::page(&shared, &client, "./", "Overview", &content)
}
