//! The locks, those that are waited for first.

use super::address::encoded;
use super::shell;
use crate::operations::access::Client;
use crate::operations::params::Params;
use crate::operations::shared::Shared;
use crate::operations::states::locks::{LockList, list};
use crate::operations::time::human;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

/// How many locks are shown at once.
const AT_ONCE: usize = 100;

/// How many of those who wait are shown with each lock.
const WAITERS: usize = 10;

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
    params: Params,
) -> Response {
    let limit = params.limit(AT_ONCE, 10_000);
    let limit = match limit {
        Ok(limit) => limit,
        Err(problem) => return shell::problem(&shared, &client, &problem),
    };
    let search = params.text("q");
    let list = list(&shared.service, search, limit);
    let content = content(&list, search, limit);
    shell::page(&shared, &client, "locks", "Locks", &content)
}

fn content(list: &LockList, search: &str, limit: usize) -> Markup {
    html! {
        form.search method="get" action="locks" role="search" {
            label for="q" { "Part of the name" }
            input #q type="search" name="q" value=(search);
            button { "Search" }
        }
        div #refresh {
            p { (list.locks) " locks, " (list.held) " held, " (list.waiting) " requests waiting" }
            div.scroll tabindex="0" role="region" aria-label="Locks" {
                table {
                    thead { tr {
                        th scope="col" { "Lock" }
                        th scope="col" { "Held by" }
                        th.number scope="col" { "For" }
                        th scope="col" { "Waiting, in order" }
                    } }
                    tbody {
                        @for lock in &list.items {
                            tr {
                                th scope="row" { code { (lock.lock) } }
                                td {
                                    @match &lock.holder { Some(holder) => (holder), None => span.note { "free" } }
                                    @if let Some(root) = &lock.root {
                                        p.note { "It waits itself, in the end for " code { (root.lock) } ", held by " (root.holder)
                                            @if let Some(held) = root.held_for { " for " (human(held)) } "." }
                                    }
                                }
                                td.number { @if let Some(held) = lock.held_for { (human(held)) } }
                                td {
                                    @if lock.waiting > 0 {
                                        p { (lock.waiting) }
                                        ol { @for waiter in lock.waiters.iter().take(WAITERS) { li { (waiter) } } }
                                        @if lock.waiting > WAITERS { p.note { "and " (lock.waiting - WAITERS) " more" } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if list.left_out > 0 {
            p { (list.left_out) " more locks are left out. "
                a href=(format!("locks?q={}&limit={}", encoded(search), limit * 10)) { "Show more" } }
        }
    }
}
