//! KR0009: a wildcard as axum 0.7 wrote it (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/files/*path")]
fn file(path: String) -> String {
    path
}

fn main() {}
