//! KR0009: a wildcard in braces.

use kr_runtime::prelude::*;

#[kr_route(get, "/files/{*path}")]
fn file(path: String) -> String {
    path
}

fn main() {}
