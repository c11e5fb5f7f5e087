//! KR0023: made for each request.

use kr_runtime::prelude::*;

#[kr_route(get, "/health")]
fn health() -> &'static str {
    "ok"
}

fn main() {}
