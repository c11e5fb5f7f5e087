//! KR0031: an example has no JSON (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/notes", example = )]
fn add(Json(note): Json<String>) -> String {
    note
}

fn main() {}
