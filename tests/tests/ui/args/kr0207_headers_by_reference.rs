//! KR0207: an extractor by reference, in a handler without a lock (1 error)

use axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[kr_route(get, "/headers")]
fn headers(headers: &HeaderMap) -> String {
    headers.len().to_string()
}

fn main() {}
