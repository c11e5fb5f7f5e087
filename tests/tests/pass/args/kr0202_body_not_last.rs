//! KR0202: the body comes last.

use axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[kr_route(post, "/note")]
fn note(headers: HeaderMap, Json(note): Json<String>) -> String {
    format!("{note} {}", headers.len())
}

fn main() {}
