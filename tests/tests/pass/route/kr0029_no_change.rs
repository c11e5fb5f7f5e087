//! KR0029: the tag of a read.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "note")]
struct Note(String);

#[derive(Clone, SharedState)]
#[shared_state(lock = "title")]
struct Title(String);

#[derive(Host)]
struct Site {
    note: Shared<Note>,
    title: Shared<Title>,
}

#[kr_route(get, "/note", etag)]
#[locked("note")]
fn note(note: &Note) -> Json<&str> {
    Json(&note.0)
}

fn main() {
    let site = Site {
        note: Shared::new(Note(String::new())),
        title: Shared::new(Title(String::new())),
    };
    let _ = App::new("Site", site).mount(routes![note]);
}
