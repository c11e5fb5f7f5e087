//! KR0021: two routes on one handler (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/")]
#[kr_route(get, "/home")]
fn home() -> &'static str {
    "welcome"
}

fn main() {}
