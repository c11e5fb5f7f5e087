//! KR0108: a handler that would hide a primitive type (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/bool")]
fn bool() -> &'static str {
    "maybe"
}

fn main() {}
