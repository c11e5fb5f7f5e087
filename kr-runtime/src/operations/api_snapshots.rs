//! Snapshots in the JSON API.

use super::access::{Client, Level};
use super::params::Params;
use super::shared::Shared;
use super::snapshots::{Comparison, Document, Form, document, prepare, restore, snapshot};
use crate::http::Problem;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use futures_util::TryStreamExt;
use serde::Serialize;
use std::sync::Arc;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/snapshot", get(download))
        .route("/api/restore/preview", post(preview))
        .route("/api/restore", post(put_back))
}

/// The document of the whole application, or of one state.
pub(super) async fn download(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
    params: Params,
) -> Result<Response, Problem> {
    client.needs(Level::Full)?;
    let form = Form::of(params.text("format"))?;
    let snapshot = snapshot(&shared.service, params.text("state")).await?;
    client.log("snapshot", &format!("{} values", snapshot.values()));
    let document = Arc::new(document(snapshot, form).await?);
    Ok(attachment(
        &document,
        &file_name(&shared.service.name, form),
    ))
}

/// It is never shown: it may be XML with something that runs in it.
pub(super) fn attachment(document: &Arc<Document>, name: &str) -> Response {
    let mut response = document.body().into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, kind);
    // A browser shows how far it is.
    headers.insert(header::CONTENT_LENGTH, document.length().into());
    let sandbox = HeaderValue::from_static("sandbox; default-src 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, sandbox);
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// A name without anything that means something in a header or a path.
fn file_name(app: &str, form: Form) -> String {
    let letters = app
        .chars()
        .map(|letter| match letter.is_ascii_alphanumeric() {
            true => letter.to_ascii_lowercase(),
            false => '-',
        });
    let app: String = letters.take(40).collect();
    let time = jiff::Timestamp::now().strftime("%Y%m%d-%H%M%S");
    format!("{}-{time}.{}", app.trim_matches('-'), form.extension())
}

/// What putting a document back would do.
#[derive(Serialize)]
struct PreviewView {
    /// Names the moment of the preview: `POST /api/restore?seen=…` puts the document back if nothing was committed since.
    seen: String,
    /// States that the document does not have; they would stay as they are.
    left_out: Vec<&'static str>,
    #[serde(flatten)]
    comparison: Comparison,
}

async fn preview(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
    body: Body,
) -> Result<Json<PreviewView>, Problem> {
    needs_bearer(&client)?;
    let document = Arc::new(received(body).await?);
    let (prepared, comparison) = prepare(&shared.service, document).await?;
    client.log("preview of a restore", &prepared.seen);
    Ok(Json(PreviewView {
        left_out: prepared.preview.snapshot().left_out().to_vec(),
        seen: prepared.seen,
        comparison,
    }))
}

#[derive(Serialize)]
struct RestoredView {
    states: usize,
    instances: usize,
    removed: usize,
}

async fn put_back(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
    params: Params,
    body: Body,
) -> Result<Json<RestoredView>, Problem> {
    needs_bearer(&client)?;
    let seen = params.text("seen");
    if seen.is_empty() {
        let detail = "`seen` is missing; `POST /api/restore/preview` says what it is";
        return Err(Problem::bad_request(detail));
    }
    let document = Arc::new(received(body).await?);
    let done = restore(&shared.service, document, seen).await;
    let outcome = if done.is_ok() { "done" } else { "refused" };
    client.log("restore", outcome);
    let (restored, before) = done?;
    shared.pending.keep_before(before);
    Ok(Json(RestoredView {
        states: restored.states,
        instances: restored.instances,
        removed: restored.removed,
    }))
}

async fn received(body: Body) -> Result<Document, Problem> {
    let parts = body.into_data_stream();
    Document::receive(parts.map_err(|error| Problem::bad_request(error.to_string()))).await
}

/// The API has no forms: a session, which a browser adds by itself, changes nothing here.
fn needs_bearer(client: &Client) -> Result<(), Problem> {
    client.needs(Level::Full)?;
    match client.session() {
        None => Ok(()),
        Some(_) => {
            let detail =
                "this needs the token in `Authorization`; a browser has the page `snapshots`";
            Err(Problem::new(axum::http::StatusCode::FORBIDDEN, detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_name_without_special_characters() {
        let name = file_name("../\"My\r\n App/", Form::Clixml);
        let (app, rest) = name.split_at("my---app-".len());
        assert_eq!(app, "my---app-");
        assert!(rest.ends_with(".xml") && rest.len() == "20260101-000000.xml".len());
    }
}
