//! KR0007: the example is given once.

use kr_runtime::prelude::*;

#[kr_route(post, "/notes", example = "a")]
fn add(Json(note): Json<String>) -> String {
    note
}

fn main() {}
