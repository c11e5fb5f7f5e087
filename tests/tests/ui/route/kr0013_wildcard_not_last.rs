//! KR0013: a segment after a wildcard (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/{*path}/raw")]
fn raw(path: String) -> String {
    path
}

fn main() {}
