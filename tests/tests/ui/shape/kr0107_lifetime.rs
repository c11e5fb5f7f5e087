//! KR0107: a handler with a lifetime that nothing needs (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes(Vec<String>);

#[kr_route(get, "/notes")]
#[locked("notes")]
fn notes<'a>(notes: &'a Notes) -> Json<usize> {
    Json(notes.0.len())
}

fn main() {}
