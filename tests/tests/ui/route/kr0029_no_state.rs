//! KR0029: the tag of a response without a state (1 error)

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
fn note() -> &'static str {
    "hello"
}

fn main() {
    let site = Site {
        note: Shared::new(Note(String::new())),
        title: Shared::new(Title(String::new())),
    };
    let _ = App::new("Site", site).mount(routes![note]);
}
