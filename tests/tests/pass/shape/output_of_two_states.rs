//! Output that borrows from two states, with the lifetime that rustc asks for.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "title")]
struct Title(String);

#[derive(Clone, SharedState)]
#[shared_state(lock = "text")]
struct Text(String);

#[kr_route(get, "/page")]
#[locked("title", "text")]
fn page<'a>(title: &'a Title, text: &'a Text) -> Json<(&'a str, &'a str)> {
    Json((&title.0, &text.0))
}

fn main() {}
