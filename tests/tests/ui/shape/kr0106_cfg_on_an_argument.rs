//! KR0106: an argument that is not always there (1 error)

use axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[kr_route(get, "/headers")]
fn headers(#[cfg(debug_assertions)] _headers: HeaderMap) {}

fn main() {}
