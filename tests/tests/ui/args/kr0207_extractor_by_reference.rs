//! KR0207: an extractor by reference (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/note")]
#[locked("notes")]
fn note(note: &mut Json<String>) -> String {
    note.0.to_uppercase()
}

fn main() {}
