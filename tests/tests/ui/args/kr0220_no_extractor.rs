//! KR0220: an `Option` of what is no extractor, as the last of several arguments (1 error)

use kr_runtime::axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Note(String);

#[kr_route(post, "/note")]
fn note(headers: HeaderMap, note: Option<Note>) -> Json<usize> {
    Json(headers.len() + note.map_or(0, |note| note.0.len()))
}

fn main() {}
