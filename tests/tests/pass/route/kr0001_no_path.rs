//! KR0001: the path follows the method.

use kr_runtime::prelude::*;

#[kr_route(post, "/path")]
fn ping() -> &'static str {
    "pong"
}

fn main() {}
