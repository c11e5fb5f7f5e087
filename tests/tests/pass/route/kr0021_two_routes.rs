//! KR0021: a second handler calls the first.

use kr_runtime::prelude::*;

#[kr_route(get, "/")]
fn home() -> &'static str {
    "welcome"
}

#[kr_route(get, "/home")]
fn home_2() -> &'static str {
    home()
}

fn main() {}
