//! KR0220: an `Option` of an extractor.

use kr_runtime::axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Note(String);

#[kr_route(post, "/note")]
fn note(headers: HeaderMap, note: Option<Json<Note>>) -> Json<usize> {
    Json(headers.len() + note.map_or(0, |Json(note)| note.0.len()))
}

fn main() {}
