//! KR0203: two arguments read the body (1 error)

use axum::body::Bytes;
use kr_runtime::prelude::*;

#[kr_route(post, "/note")]
fn note(raw: Bytes, Json(note): Json<String>) -> String {
    format!("{note} {}", raw.len())
}

fn main() {}
