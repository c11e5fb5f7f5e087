//! KR0029: one tag for two locks (1 error)

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
#[locked("note", "title")]
fn note(note: &Note, title: &Title) -> String {
    format!("{}: {}", title.0, note.0)
}

fn main() {
    let site = Site {
        note: Shared::new(Note(String::new())),
        title: Shared::new(Title(String::new())),
    };
    let _ = App::new("Site", site).mount(routes![note]);
}
