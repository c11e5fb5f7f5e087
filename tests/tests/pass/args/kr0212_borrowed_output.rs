//! KR0212: output that owns a copy.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes(Vec<String>);

#[kr_route(post, "/note")]
#[locked("notes")]
fn note(notes: &mut Notes) -> Json<Vec<String>> {
    notes.0.push("hello".to_owned());
    Json(notes.0.clone())
}

fn main() {}
