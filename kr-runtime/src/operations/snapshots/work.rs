//! Taking, reading and putting back. Documents are written and read by threads that may take their time.

use super::comparison::Comparison;
use super::document::Document;
use super::form::Form;
use crate::host::whole::{preview, restore_all, take};
use crate::host::{HostSnapshot, HostSnapshotError, RestorePreview, Restored};
use crate::http::Problem;
use crate::lock::CallSite;
use crate::operations::service::Service;
use axum::http::StatusCode;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// A snapshot of the whole application, or of one state.
pub(crate) async fn snapshot(service: &Service, state: &str) -> Result<HostSnapshot, Problem> {
    let snapshot = take(service.host.state_fields()).await.map_err(problem)?;
    if state.is_empty() {
        return Ok(snapshot);
    }
    if !snapshot.states().contains(&state) {
        let detail = format!("there is no state `{state}` that can be in a snapshot");
        return Err(Problem::not_found(detail));
    }
    Ok(snapshot.only(state))
}

pub(crate) async fn document(snapshot: HostSnapshot, form: Form) -> Result<Document, Problem> {
    let written = off_the_workers(move || Document::write(&snapshot, form));
    written.await?.map_err(problem)
}

async fn parse(service: &Arc<Service>, document: Arc<Document>) -> Result<HostSnapshot, Problem> {
    let service = Arc::clone(service);
    let parsed = off_the_workers(move || document.read(&*service.host));
    parsed.await?.map_err(problem)
}

/// A restore that was looked at.
pub(crate) struct Prepared {
    pub(crate) preview: RestorePreview,
    pub(crate) seen: String,
}

/// What putting a document back would do now.
pub(crate) async fn prepare(
    service: &Arc<Service>,
    document: Arc<Document>,
) -> Result<(Prepared, Comparison), Problem> {
    let snapshot = parse(service, document).await?;
    let preview = preview(service.host.state_fields(), snapshot).await;
    let preview = preview.map_err(problem)?;
    off_the_workers(move || {
        let comparison = Comparison::of(preview.now(), preview.snapshot());
        let seen = preview.seen();
        (Prepared { preview, seen }, comparison)
    })
    .await
}

/// What differs between two documents.
pub(crate) async fn compare(
    service: &Arc<Service>,
    before: Arc<Document>,
    after: Arc<Document>,
) -> Result<Comparison, Problem> {
    let (before, after) = (parse(service, before).await?, parse(service, after).await?);
    off_the_workers(move || Comparison::of(&before, &after)).await
}

/// Puts a document back, if nothing has moved since that preview. Returns what was there before, too.
pub(crate) async fn restore(
    service: &Arc<Service>,
    document: Arc<Document>,
    seen: &str,
) -> Result<(Restored, Document), Problem> {
    let snapshot = parse(service, document).await?;
    let preview = preview(service.host.state_fields(), snapshot).await;
    let preview = preview.map_err(problem)?;
    if preview.seen() != seen {
        let detail = "something was committed since the preview, so nothing was put back; look at what would change now";
        return Err(Problem::conflict(detail));
    }
    // To undo it. If it could not be written now, it could not be later, either.
    let (before, preview) = off_the_workers(move || {
        let before = Document::write(preview.now(), Form::Json);
        (before, preview)
    })
    .await?;
    let before = before.map_err(problem)?;
    let restored = restore_all(service.host.state_fields(), preview, CallSite::here()).await;
    Ok((restored.map_err(problem)?, before))
}

async fn off_the_workers<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    spawn_blocking(work).await.map_err(|_| Problem::internal())
}

fn problem(error: HostSnapshotError) -> Problem {
    let status = match &error {
        HostSnapshotError::Document { .. } | HostSnapshotError::Unreadable { .. } => {
            StatusCode::BAD_REQUEST
        }
        HostSnapshotError::Moved { .. } => StatusCode::CONFLICT,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    Problem::new(status, error.to_string())
}
