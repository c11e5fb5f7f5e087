//! KR0203: one argument reads the body.

use kr_runtime::prelude::*;

#[kr_route(post, "/note")]
fn note(Json(note): Json<String>) -> String {
    note
}

fn main() {}
