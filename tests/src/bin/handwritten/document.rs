//! The document and the bodies of the responses. The members and their order are those of the tutorial.

use axum::Json;
use kr_runtime::{Timestamp, clixml};
use serde::{Deserialize, Serialize};

pub(crate) const LOCK_KEY: &str = "tutorial:shared-state-snapshot";

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AppState {
    pub(crate) visit_count: i32,
    pub(crate) notes: Vec<String>,
    #[serde(with = "clixml::datetime")]
    pub(crate) last_updated: Timestamp,
}

impl AppState {
    pub(crate) fn empty() -> Self {
        Self {
            visit_count: 0,
            notes: Vec::new(),
            last_updated: Timestamp::now(),
        }
    }

    pub(crate) fn visit(&mut self) {
        self.visit_count = self.visit_count.saturating_add(1);
        self.last_updated = Timestamp::now();
    }

    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
        self.last_updated = Timestamp::now();
    }
}

/// `N` is a copy of the notes where the response is built without the lock, and a slice otherwise.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StateView<N> {
    visit_count: i32,
    notes: N,
    last_updated: Timestamp,
    snapshot_lock_key: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Changed<N> {
    message: &'static str,
    visit_count: i32,
    notes: N,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Exported {
    snapshot: String,
    visit_count: i32,
    note_count: usize,
    exported_at: Timestamp,
}

impl StateView<Vec<String>> {
    pub(crate) fn copied(state: &AppState) -> Self {
        Self {
            visit_count: state.visit_count,
            notes: state.notes.clone(),
            last_updated: state.last_updated,
            snapshot_lock_key: LOCK_KEY,
        }
    }
}

impl<'a> StateView<&'a [String]> {
    pub(crate) fn borrowed(state: &'a AppState) -> Self {
        Self {
            visit_count: state.visit_count,
            notes: &state.notes,
            last_updated: state.last_updated,
            snapshot_lock_key: LOCK_KEY,
        }
    }
}

impl Changed<Vec<String>> {
    pub(crate) fn copied(message: &'static str, state: &AppState) -> Self {
        Self {
            message,
            visit_count: state.visit_count,
            notes: state.notes.clone(),
        }
    }
}

impl<'a> Changed<&'a [String]> {
    pub(crate) fn borrowed(message: &'static str, state: &'a AppState) -> Self {
        Self {
            message,
            visit_count: state.visit_count,
            notes: &state.notes,
        }
    }
}

impl Exported {
    pub(crate) fn of(state: &AppState) -> Result<Self, clixml::Error> {
        Ok(Self {
            snapshot: clixml::to_string(state)?,
            visit_count: state.visit_count,
            note_count: state.notes.len(),
            exported_at: Timestamp::now(),
        })
    }
}

#[derive(Deserialize)]
pub(crate) struct NoteRequest {
    note: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct ImportRequest {
    snapshot: Option<String>,
}

impl NoteRequest {
    pub(crate) fn note(request: Option<Json<Self>>) -> Result<String, &'static str> {
        request
            .and_then(|Json(request)| request.note)
            .filter(|note| !note.trim().is_empty())
            .ok_or("note is required")
    }
}

impl ImportRequest {
    pub(crate) fn state(request: Option<Json<Self>>) -> Result<AppState, String> {
        let snapshot = request
            .and_then(|Json(request)| request.snapshot)
            .filter(|snapshot| !snapshot.trim().is_empty())
            .ok_or("snapshot is required")?;
        clixml::from_str(&snapshot).map_err(|error| format!("snapshot: {error}"))
    }
}
