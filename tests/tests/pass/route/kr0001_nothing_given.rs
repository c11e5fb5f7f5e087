//! KR0001: a method and a path.

use kr_runtime::prelude::*;

#[kr_route(get, "/path")]
fn ping() -> &'static str {
    "pong"
}

fn main() {}
