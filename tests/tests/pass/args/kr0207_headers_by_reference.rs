//! KR0207: the extractor by value.

use axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[kr_route(get, "/headers")]
fn headers(headers: HeaderMap) -> String {
    headers.len().to_string()
}

fn main() {}
