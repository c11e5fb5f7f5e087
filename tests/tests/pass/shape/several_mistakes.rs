//! Every mistake of a signature is corrected as its message says.

use axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes(Vec<String>);

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Count(usize);

#[kr_route(post, "/notes/{id}")]
#[locked("notes", timeout = "2s")]
fn note(
    id: String,
    count: &mut Count,
    notes: &mut Notes,
    headers: HeaderMap,
    body: Json<String>,
) -> Json<String> {
    notes.0.push(id);
    count.0 += headers.len();
    body
}

fn main() {}
