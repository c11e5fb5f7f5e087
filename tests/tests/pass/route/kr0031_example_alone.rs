//! KR0031: the example is JSON.

use kr_runtime::prelude::*;

#[kr_route(post, "/notes", example = "buy bread")]
fn add(Json(note): Json<String>) -> String {
    note
}

fn main() {}
