//! KR0108: another name.

use kr_runtime::prelude::*;

#[kr_route(get, "/bool")]
fn get_bool() -> &'static str {
    "maybe"
}

fn main() {}
