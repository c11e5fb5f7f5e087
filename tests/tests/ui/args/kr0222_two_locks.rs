//! KR0222: one revision of two locks (1 error)

use kr_runtime::Revision;
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

#[kr_route(get, "/note")]
#[locked("note", "title")]
fn note(_note: &Note, _title: &Title, revision: Revision) -> Json<Revision> {
    Json(revision)
}

fn main() {
    let site = Site {
        note: Shared::new(Note(String::new())),
        title: Shared::new(Title(String::new())),
    };
    let _ = App::new("Site", site).mount(routes![note]);
}
