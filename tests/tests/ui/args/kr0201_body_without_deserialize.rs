//! KR0201: the body's type cannot be read (1 error)

use kr_runtime::prelude::*;

struct Note {
    text: String,
}

#[kr_route(post, "/note")]
fn note(Json(note): Json<Note>) -> String {
    note.text
}

fn main() {}
