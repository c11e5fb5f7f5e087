//! KR0013: the wildcard comes last.

use kr_runtime::prelude::*;

#[kr_route(get, "/{*path}")]
fn raw(path: String) -> String {
    path
}

fn main() {}
