//! KR0212: output that borrows from the draft (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes(Vec<String>);

#[kr_route(post, "/note")]
#[locked("notes")]
fn note(notes: &mut Notes) -> Json<&[String]> {
    notes.0.push("hello".to_owned());
    Json(&notes.0)
}

fn main() {}
