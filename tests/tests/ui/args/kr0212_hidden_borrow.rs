//! KR0212: output of a type that hides its lifetime; rustc finds it, where there is nothing to borrow from (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes(Vec<String>);

#[derive(Serialize)]
struct Latest<'a> {
    text: &'a str,
}

#[kr_route(post, "/note")]
#[locked("notes")]
fn note(notes: &mut Notes) -> Json<Latest> {
    notes.0.push("hello".to_owned());
    Json(Latest { text: &notes.0[0] })
}

fn main() {}
