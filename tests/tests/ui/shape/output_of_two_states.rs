//! Output that borrows from two states is rustc's own error, and so is its advice (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "title")]
struct Title(String);

#[derive(Clone, SharedState)]
#[shared_state(lock = "text")]
struct Text(String);

#[kr_route(get, "/page")]
#[locked("title", "text")]
fn page(title: &Title, text: &Text) -> Json<(&str, &str)> {
    Json((&title.0, &text.0))
}

fn main() {}
