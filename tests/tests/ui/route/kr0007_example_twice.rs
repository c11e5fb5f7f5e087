//! KR0007: an example is given twice (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/notes", example = "a", example = "b")]
fn add(Json(note): Json<String>) -> String {
    note
}

fn main() {}
