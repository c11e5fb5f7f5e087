//! One state: its value, and what has changed in it; or the instances of a keyed state.

use super::address::{address, encoded};
use super::shell;
use super::tree::Tree;
use crate::http::Problem;
use crate::operations::access::Client;
use crate::operations::api::{ValueView, instance_page, instance_value, single_value};
use crate::operations::diff::Changes;
use crate::operations::params::Params;
use crate::operations::shared::Shared;
use crate::operations::states::history::Entry;
use crate::operations::states::instances::{InstancesView, Keyed};
use crate::operations::time::rfc3339;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value as Json;
use std::sync::Arc;

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
    params: Params,
) -> Response {
    match content(&shared, &params).await {
        Ok((title, content)) => shell::page(&shared, &client, "", &title, &content),
        Err(problem) => shell::problem(&shared, &client, &problem),
    }
}

async fn content(shared: &Shared, params: &Params) -> Result<(String, Markup), Problem> {
    let name = params.text("name");
    let key = params.key("key")?;
    if let Some(key) = key {
        let view = instance_value(shared, name, &key).await?;
        let here = format!("{}&key={}", address(name), encoded(&key.to_string()));
        let content = html! {
            p { "An instance of " a href=(address(name)) { (name) } }
            (value(&view, params, &here)?)
            (history(&view.history, "Nothing has changed since somebody looked at it for the first time."))
        };
        return Ok((view.lock.clone(), content));
    }
    if Keyed::find(&shared.service, name).is_some() {
        let page = instance_page(shared, name, params).await?;
        return Ok((name.to_owned(), instances(name, params, &page)));
    }
    let view = single_value(shared, name).await?;
    let here = address(name);
    let content = html! {
        (value(&view, params, &here)?)
        (history(&view.history, "Nothing has changed since the start."))
    };
    Ok((name.to_owned(), content))
}

/// The value, or the part of it that the address names.
fn value(view: &ValueView, params: &Params, here: &str) -> Result<Markup, Problem> {
    let path = params.text("path");
    let from = params.number("from", 0)?;
    let part = view.value.as_ref().map(|value| {
        let nothing = || Problem::not_found(format!("there is nothing at `{path}` now"));
        value.pointer(path).ok_or_else(nothing)
    });
    let part = part.transpose()?;
    Ok(html! {
        dl.facts {
            div { dt { "Lock" } dd { code { (view.lock) } } }
            div { dt { "Revision" } dd { (view.revision) } }
        }
        h2 { "Value" }
        @if !path.is_empty() || from > 0 {
            p { "The part at " code { (path) } @if from > 0 { ", from item " (from) } ". " a href=(here) { "Show all" } }
        }
        @match part {
            Some(part) => (Tree::show(here, part, path, from)),
            None => p.note { "It cannot be shown: its type does not implement " code { "Serialize" } "." },
        }
    })
}

fn history(entries: &[Entry], nothing: &str) -> Markup {
    html! {
        h2 { "History" }
        @if entries.is_empty() {
            p.note { (nothing) }
        }
        ol.history {
            @for entry in entries {
                li {
                    p {
                        @match entry.revision.saturating_sub(entry.since) {
                            0 | 1 => { "Revision " (entry.revision) },
                            _ => { "Revisions " (entry.since + 1) " to " (entry.revision) },
                        }
                        @if let Some(seen) = entry.seen { " at " (time(rfc3339(seen))) }
                    }
                    @match &entry.changes {
                        Some(changes) => (table(changes)),
                        None => p.note { "The value is too large to be compared." },
                    }
                }
            }
        }
    }
}

fn time(text: String) -> Markup {
    html! { time datetime=(text) { (text) } }
}

/// Differences, one in each row.
pub(super) fn table(changes: &Changes) -> Markup {
    html! {
        @if changes.items.is_empty() {
            p.note { "Nothing that is shown differs." }
        } @else {
            div.scroll tabindex="0" role="region" aria-label="Differences" {
                table.changes {
                    thead { tr { th scope="col" { "Where" } th scope="col" { "Before" } th scope="col" { "After" } } }
                    tbody {
                        @for change in &changes.items {
                            tr {
                                th scope="row" { code { @if change.path.is_empty() { "all" } @else { (change.path) } } }
                                td.before { @if let Some(before) = &change.before { (before) } @else { span.note { "nothing" } } }
                                td.after { @if let Some(after) = &change.after { (after) } @else { span.note { "nothing" } } }
                            }
                        }
                    }
                }
            }
        }
        @if changes.left_out > 0 {
            p.note { (changes.left_out) " more differences are left out." }
        }
    }
}

fn instances(name: &str, params: &Params, page: &InstancesView) -> Markup {
    let search = params.text("q");
    let more = |next: &Json| {
        let next = encoded(&next.to_string());
        format!("{}&q={}&after={next}", address(name), encoded(search))
    };
    html! {
        form.search method="get" action="state" role="search" {
            input type="hidden" name="name" value=(name);
            label for="q" { "Part of the lock's name" }
            input #q type="search" name="q" value=(search);
            button { "Search" }
        }
        @if page.items.is_empty() {
            p { "There are no such instances" @if page.next.is_some() { " among those that were looked at" } "." }
        } @else {
            div.scroll tabindex="0" role="region" aria-label="Instances" {
                table {
                    thead { tr { th scope="col" { "Instance" } th.number scope="col" { "Revision" } th scope="col" { "Value" } } }
                    tbody {
                        @for item in &page.items {
                            tr {
                                th scope="row" {
                                    a href=(format!("{}&key={}", address(name), encoded(&item.key.to_string()))) { (item.name) }
                                }
                                td.number { @if let Some(revision) = item.revision { (revision) } }
                                td.preview {
                                    @match &item.error {
                                        Some(error) => span.problem { (error) },
                                        None => (item.preview),
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if let Some(next) = &page.next {
            p { a rel="next" href=(more(next)) { "Next page" } }
        }
    }
}
