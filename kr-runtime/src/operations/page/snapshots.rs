//! Taking snapshots, comparing them, and putting one back.

use super::shell;
use super::state::table;
use crate::http::Problem;
use crate::operations::access::{Client, Level, admit_form, random_id};
use crate::operations::api_snapshots::attachment;
use crate::operations::shared::Shared;
use crate::operations::snapshots::{
    Comparison, Document, PendingRestore, Prepared, compare, prepare, restore,
};
use axum::Extension;
use axum::extract::{Form, Multipart, State};
use axum::response::Response;
use futures_util::TryStreamExt;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Instant;

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
) -> Response {
    shell::page(
        &shared,
        &client,
        "snapshots",
        "Snapshots",
        &content(&shared, &client),
    )
}

fn content(shared: &Shared, client: &Client) -> Markup {
    if client.admission.level() < Level::Full {
        return html! {
            p { "A snapshot has secrets in it, so this needs the full token." }
        };
    }
    let form_token = client.session().map(|session| session.form_token.clone());
    html! {
        h2 { "Take one" }
        p { "All states at one moment. It has secrets in it." }
        p {
            a.button href="api/snapshot?format=json" download { "Download as JSON" } " "
            a.button href="api/snapshot?format=clixml" download { "Download as CLIXML, for PowerShell" }
        }
        @if shared.pending.before().is_some() {
            p { a.button href="before" download { "Download what was there before the last restore" } }
        }
        @if let Some(token) = form_token {
            h2 { "Put one back" }
            p { "You see what would change before anything does." }
            form method="post" action="preview" enctype="multipart/form-data" {
                input type="hidden" name="form" value=(token);
                p { label for="document" { "File" } " " input #document type="file" name="document" required; }
                button { "Look at what would change" }
            }
            h2 { "Compare two" }
            form method="post" action="compare" enctype="multipart/form-data" {
                input type="hidden" name="form" value=(token);
                p { label for="before" { "Before" } " " input #before type="file" name="document" required; }
                p { label for="after" { "After" } " " input #after type="file" name="document" required; }
                button { "Compare" }
            }
        }
    }
}

/// What was there before the last restore.
pub(super) async fn before(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
) -> Result<Response, Problem> {
    client.needs(Level::Full)?;
    let before = shared.pending.before();
    let before = before.ok_or_else(|| Problem::not_found("nothing was put back yet"))?;
    client.log("snapshot before the last restore", "");
    Ok(attachment(&before, "before-restore.json"))
}

/// The files of a form, with their names. Its token comes first.
async fn files(
    client: &Client,
    mut form: Multipart,
) -> Result<Vec<(String, Arc<Document>)>, Problem> {
    client.needs(Level::Full)?;
    let wrong = |error: axum::extract::multipart::MultipartError| {
        Problem::new(error.status(), error.body_text())
    };
    let mut token = None;
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(wrong)? {
        if field.name() == Some("form") {
            token = Some(field.text().await.map_err(wrong)?);
            admit_form(client, token.as_deref())?;
        } else if field.name() == Some("document") {
            // Nothing is read for somebody who may not send it.
            admit_form(client, token.as_deref())?;
            let name = field.file_name().unwrap_or("a file").to_owned();
            let document = Document::receive(field.map_err(wrong)).await?;
            files.push((name, Arc::new(document)));
        }
    }
    admit_form(client, token.as_deref())?;
    Ok(files)
}

pub(super) async fn preview(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
    form: Multipart,
) -> Response {
    match look(&shared, &client, form).await {
        Ok(content) => shell::page(&shared, &client, "", "What would change", &content),
        Err(problem) => shell::problem(&shared, &client, &problem),
    }
}

async fn look(shared: &Shared, client: &Client, form: Multipart) -> Result<Markup, Problem> {
    let files = files(client, form).await?;
    let file = files.into_iter().next();
    let (name, document) = file.ok_or_else(|| Problem::bad_request("there is no file"))?;
    let (Prepared { preview, seen }, comparison) =
        prepare(&shared.service, Arc::clone(&document)).await?;
    client.log("preview of a restore", &format!("{name} {seen}"));
    let id = random_id().map_err(|_| Problem::internal())?;
    shared.pending.put(PendingRestore {
        id: id.clone(),
        document,
        seen,
        since: Instant::now(),
    });
    let left_out = preview.snapshot().left_out();
    let is_same = comparison.items.is_empty();
    let token = client.session().map(|session| session.form_token.clone());
    Ok(html! {
        p { "Putting " strong { (name) } " back into " strong { (shared.service.name) } " would change "
            (comparison.changed) " values, add " (comparison.added) " instances and remove " (comparison.removed)
            " instances. " (comparison.same) " values are the same." }
        @if !left_out.is_empty() {
            p { "The file does not have these states, which stay as they are: "
                @for (number, state) in left_out.iter().enumerate() { @if number > 0 { ", " } code { (state) } } }
        }
        @if is_same {
            p { "There is nothing to change. " a href="snapshots" { "Back" } }
        } @else {
            (differences(&comparison))
            form method="post" action="restore" {
                input type="hidden" name="form" value=[token];
                input type="hidden" name="id" value=(id);
                p { "It happens in one step, unless something else is committed before." }
                button.danger { "Put it back" } " " a href="snapshots" { "Leave everything as it is" }
            }
        }
    })
}

#[derive(Deserialize)]
pub(super) struct Confirmed {
    form: String,
    id: String,
}

pub(super) async fn confirm(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
    Form(confirmed): Form<Confirmed>,
) -> Response {
    match put_back(&shared, &client, &confirmed).await {
        Ok(content) => shell::page(&shared, &client, "", "Put back", &content),
        Err(problem) => shell::problem(&shared, &client, &problem),
    }
}

async fn put_back(
    shared: &Shared,
    client: &Client,
    confirmed: &Confirmed,
) -> Result<Markup, Problem> {
    client.needs(Level::Full)?;
    admit_form(client, Some(&confirmed.form))?;
    let pending = shared.pending.take(&confirmed.id);
    let pending = pending.ok_or_else(|| {
        Problem::conflict("this preview is too old, or was used; look at what would change again")
    })?;
    let done = restore(&shared.service, pending.document, &pending.seen).await;
    let outcome = if done.is_ok() { "done" } else { "refused" };
    client.log("restore", outcome);
    let (restored, before) = done?;
    shared.pending.keep_before(before);
    Ok(html! {
        p role="status" { (restored.states) " states and " (restored.instances) " instances were put back, and "
            (restored.removed) " instances were removed." }
        p { a.button href="before" download { "Download what was there before" } }
        p { a href="states" { "States" } }
    })
}

pub(super) async fn comparison(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
    form: Multipart,
) -> Response {
    match compared(&shared, &client, form).await {
        Ok(content) => shell::page(&shared, &client, "", "Differences", &content),
        Err(problem) => shell::problem(&shared, &client, &problem),
    }
}

async fn compared(shared: &Shared, client: &Client, form: Multipart) -> Result<Markup, Problem> {
    let files = files(client, form).await?;
    let [(before_name, before), (after_name, after)] =
        <[_; 2]>::try_from(files).map_err(|_| Problem::bad_request("this takes two files"))?;
    let comparison = compare(&shared.service, before, after).await?;
    Ok(html! {
        p { "From " strong { (before_name) } " to " strong { (after_name) } ": " (comparison.changed) " values differ, "
            (comparison.added) " instances are new, " (comparison.removed) " are gone, and " (comparison.same)
            " values are the same." }
        (differences(&comparison))
        p { a href="snapshots" { "Back" } }
    })
}

fn differences(comparison: &Comparison) -> Markup {
    html! {
        @for difference in &comparison.items {
            section {
                h2 { (difference.state) @if let Some(key) = &difference.key { " " code { (key.to_string()) } } ": " (difference.what) }
                (table(&difference.changes))
                @if difference.secrets_differ { p.note { "What is secret differs." } }
            }
        }
        @if comparison.left_out > 0 {
            p.note { (comparison.left_out) " more values that differ are left out." }
        }
    }
}
