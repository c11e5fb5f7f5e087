//! KR0001: the attribute is empty (1 error)

use kr_runtime::prelude::*;

#[kr_route]
fn ping() -> &'static str {
    "pong"
}

fn main() {}
