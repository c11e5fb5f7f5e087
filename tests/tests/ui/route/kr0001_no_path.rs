//! KR0001: a method, and nothing after it (1 error)

use kr_runtime::prelude::*;

#[kr_route(post)]
fn ping() -> &'static str {
    "pong"
}

fn main() {}
