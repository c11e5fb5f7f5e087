//! KR0207: the extractor by value.

use kr_runtime::prelude::*;

#[kr_route(post, "/note")]
fn note(note: Json<String>) -> String {
    note.0.to_uppercase()
}

fn main() {}
