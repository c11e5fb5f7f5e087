//! The crate without kr: the same handlers, handwritten on axum, with a small store that publishes drafts.

use super::{HANDLERS, STATES};
use std::fmt::Write;

pub(crate) fn source() -> String {
    let mut text = String::from(
        r#"#![allow(dead_code)]
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout;

#[derive(Deserialize)]
struct Note {
    text: String,
}

#[derive(Deserialize)]
struct Page {
    from: usize,
}

#[derive(Serialize)]
struct Summary {
    count: u64,
    notes: usize,
}

#[derive(Serialize)]
struct Failure {
    error: &'static str,
}

type Failed = (StatusCode, Json<Failure>);

fn bad_request(error: &'static str) -> Failed {
    (StatusCode::BAD_REQUEST, Json(Failure { error }))
}

fn busy() -> Failed {
    (StatusCode::SERVICE_UNAVAILABLE, Json(Failure { error: "try again" }))
}

#[derive(Default)]
struct Store<S> {
    lock: Mutex<()>,
    committed: RwLock<Arc<S>>,
}

impl<S: Clone> Store<S> {
    fn read(&self) -> Arc<S> {
        self.committed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn lock(&self) -> Result<(MutexGuard<'_, ()>, S), Failed> {
        let guard = timeout(Duration::from_secs(5), self.lock.lock()).await.map_err(|_| busy())?;
        Ok((guard, S::clone(&self.read())))
    }

    fn commit(&self, draft: S) {
        *self.committed.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(draft);
    }
}
"#,
    );
    let mut fields = String::new();
    for state in 0..STATES {
        write!(
            text,
            r#"
#[derive(Clone, Default)]
struct State{state} {{
    count: u64,
    notes: Vec<String>,
}}

impl State{state} {{
    fn summary(&self) -> Summary {{
        Summary {{ count: self.count, notes: self.notes.len() }}
    }}
}}
"#
        )
        .unwrap();
        writeln!(fields, "    state{state}: Store<State{state}>,").unwrap();
    }
    let mut routes = String::new();
    for handler in 0..HANDLERS {
        let (method, path, function) = one(handler);
        text.push_str(&function);
        writeln!(
            routes,
            "        .route(\"{path}\", {method}(handler_{handler}))"
        )
        .unwrap();
    }
    write!(
        text,
        r#"
#[derive(Default)]
struct Site {{
{fields}}}

#[tokio::main]
async fn main() -> std::io::Result<()> {{
    let app = Router::new()
{routes}        .with_state(Arc::new(Site::default()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:5000").await?;
    let stop = async {{
        let _ = tokio::signal::ctrl_c().await;
    }};
    axum::serve(listener, app).with_graceful_shutdown(stop).await
}}
"#
    )
    .unwrap();
    text
}

/// The method, the path and the function.
fn one(handler: usize) -> (&'static str, String, String) {
    let state = handler / 5 % STATES;
    match handler % 5 {
        0 => (
            "get",
            format!("/{handler}"),
            format!(
                r#"
async fn handler_{handler}(State(site): State<Arc<Site>>) -> Json<Summary> {{
    Json(site.state{state}.read().summary())
}}
"#
            ),
        ),
        1 => (
            "post",
            format!("/{handler}"),
            format!(
                r#"
async fn handler_{handler}(
    State(site): State<Arc<Site>>,
    Json(note): Json<Note>,
) -> Result<(StatusCode, Json<Summary>), Failed> {{
    if note.text.is_empty() {{
        return Err(bad_request("a text is required"));
    }}
    let (guard, mut draft) = site.state{state}.lock().await?;
    draft.notes.push(note.text);
    let summary = draft.summary();
    site.state{state}.commit(draft);
    drop(guard);
    Ok((StatusCode::CREATED, Json(summary)))
}}
"#
            ),
        ),
        2 => (
            "put",
            format!("/{handler}/{{id}}"),
            format!(
                r#"
async fn handler_{handler}(State(site): State<Arc<Site>>, Path(id): Path<u64>) -> Result<Json<Summary>, Failed> {{
    let (guard, mut draft) = site.state{state}.lock().await?;
    draft.count = id;
    let summary = draft.summary();
    site.state{state}.commit(draft);
    drop(guard);
    Ok(Json(summary))
}}
"#
            ),
        ),
        3 => (
            "get",
            format!("/{handler}"),
            format!(
                r#"
async fn handler_{handler}(State(site): State<Arc<Site>>, Query(page): Query<Page>) -> Json<Vec<String>> {{
    Json(site.state{state}.read().notes.iter().skip(page.from).take(10).cloned().collect())
}}
"#
            ),
        ),
        _ => (
            "post",
            format!("/{handler}"),
            format!(
                r#"
async fn handler_{handler}(State(site): State<Arc<Site>>, Json(note): Json<Note>) -> Result<Json<Summary>, Failed> {{
    let (guard, mut draft) = site.state{state}.lock().await?;
    tokio::task::yield_now().await;
    draft.count += 1;
    draft.notes.push(note.text);
    let summary = draft.summary();
    site.state{state}.commit(draft);
    drop(guard);
    Ok(Json(summary))
}}
"#
            ),
        ),
    }
}
