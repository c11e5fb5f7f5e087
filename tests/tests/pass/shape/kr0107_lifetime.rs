//! KR0107: the compiler fills the lifetime in.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes(Vec<String>);

#[kr_route(get, "/notes")]
#[locked("notes")]
fn notes(notes: &Notes) -> Json<usize> {
    Json(notes.0.len())
}

fn main() {}
