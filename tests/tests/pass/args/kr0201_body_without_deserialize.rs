//! KR0201: the body's type derives `Deserialize`.

use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Note {
    text: String,
}

#[kr_route(post, "/note")]
fn note(Json(note): Json<Note>) -> String {
    note.text
}

fn main() {}
