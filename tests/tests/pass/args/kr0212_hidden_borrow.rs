//! KR0212: output that owns a copy.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes(Vec<String>);

#[derive(Serialize)]
struct Latest {
    text: String,
}

#[kr_route(post, "/note")]
#[locked("notes")]
fn note(notes: &mut Notes) -> Json<Latest> {
    notes.0.push("hello".to_owned());
    Json(Latest {
        text: notes.0[0].clone(),
    })
}

fn main() {}
