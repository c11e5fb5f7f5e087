//! KR0102: a function outside the trait, with a body.

use kr_runtime::prelude::*;

#[kr_route(get, "/page")]
fn page() -> String {
    String::new()
}

fn main() {}
