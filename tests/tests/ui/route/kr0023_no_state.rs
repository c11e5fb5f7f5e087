//! KR0023: an answer to be cached of no state (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/health", cached)]
fn health() -> &'static str {
    "ok"
}

fn main() {}
