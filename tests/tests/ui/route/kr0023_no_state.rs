//! KR0023: a cached response without a state (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/health", cached)]
fn health() -> &'static str {
    "ok"
}

fn main() {}
