//! What all pages have in common.

use crate::http::Problem;
use crate::operations::access::{Client, Level};
use crate::operations::checkpoints::CheckpointStatus;
use crate::operations::shared::Shared;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

/// The pages that the navigation shows.
const PAGES: [(&str, &str); 6] = [
    ("./", "Overview"),
    ("states", "States"),
    ("locks", "Locks"),
    ("store", "Store"),
    ("tasks", "Tasks"),
    ("snapshots", "Snapshots"),
];

/// A page of somebody who was let in. `here` is its address in the navigation.
pub(super) fn page(
    shared: &Shared,
    client: &Client,
    here: &str,
    title: &str,
    content: &Markup,
) -> Response {
    let name = &shared.service.name;
    let session = client.session();
    let level = match client.admission.level() {
        Level::Full => "full access",
        Level::Read => "read only",
    };
    let not_ready = shared.service.health.is_ready().err();
    let checkpoints = shared.service.checkpoints.as_ref();
    let unsaved = checkpoints
        .and_then(CheckpointStatus::failing)
        .unwrap_or_default();
    let body = html! {
        header {
            a.skip href="#content" { "Skip to the content" }
            p.app { (name) " " span.level { (level) } }
            nav aria-label="Pages" {
                @for (address, label) in PAGES {
                    @if address == here {
                        a href=(address) aria-current="page" { (label) }
                    } @else {
                        a href=(address) { (label) }
                    }
                }
            }
            div.actions {
                button #pause type="button" hidden { "Pause" }
                @if let Some(session) = session {
                    form method="post" action="sign-out" {
                        input type="hidden" name="form" value=(session.form_token);
                        button { "Sign out" }
                    }
                }
            }
        }
        @let reason = not_ready.unwrap_or_default();
        p #banner.banner role="status" hidden[reason.is_empty()] { "Not ready: " span data-live="not_ready" { (reason) } }
        p #unsaved.banner role="status" hidden[unsaved.is_empty()] { "The last checkpoint was not written: " span data-live="checkpoints_fail" { (unsaved) } }
        main #content tabindex="-1" {
            h1 { (title) }
            (content)
        }
    };
    respond(
        StatusCode::OK,
        &document(&format!("{title} – {name}"), true, &body),
    )
}

/// A page that says what went wrong.
pub(super) fn problem(shared: &Shared, client: &Client, problem: &Problem) -> Response {
    let content = html! {
        p.problem { (problem.detail()) }
        p { a href="./" { "Back to the overview" } }
    };
    let mut response = page(shared, client, "", "That did not work", &content);
    *response.status_mut() = problem.status();
    response
}

/// A page for somebody who was not let in yet.
pub(super) fn bare(status: StatusCode, title: &str, content: &Markup) -> Response {
    let body = html! {
        main #content.narrow {
            h1 { (title) }
            (content)
        }
    };
    respond(status, &document(title, false, &body))
}

fn document(title: &str, is_live: bool, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href="style.css";
                @if is_live {
                    script src="page.js" defer {}
                }
            }
            body { (body) }
        }
    }
}

fn respond(status: StatusCode, document: &Markup) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (status, kind, document.0.clone()).into_response()
}
