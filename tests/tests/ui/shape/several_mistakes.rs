//! Every mistake of a signature is reported at once: KR0009, KR0103, KR0205, KR0202, KR0213, KR0314 (6 errors)

use axum::extract::State;
use axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes(Vec<String>);

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Count(usize);

#[kr_route(post, "/notes/:id")]
#[locked("notes", timeout = 5)]
unsafe fn note(
    count: &mut Count,
    notes: State<Notes>,
    body: Json<String>,
    headers: HeaderMap,
) -> impl IntoResponse {
    count.0 += headers.len() + notes.0.0.len();
    body
}

fn main() {}
