//! KR0106: a handler that is not always there.

use axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[cfg(debug_assertions)]
#[kr_route(get, "/headers")]
fn headers(_headers: HeaderMap) {}

#[cfg(not(debug_assertions))]
#[kr_route(get, "/headers")]
fn headers() {}

fn main() {}
