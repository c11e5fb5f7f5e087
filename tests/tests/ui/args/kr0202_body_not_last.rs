//! KR0202: the body before another extractor (1 error)

use axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[kr_route(post, "/note")]
fn note(Json(note): Json<String>, headers: HeaderMap) -> String {
    format!("{note} {}", headers.len())
}

fn main() {}
