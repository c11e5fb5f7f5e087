//! KR0010: a capture has both braces.

use kr_runtime::prelude::*;

#[kr_route(get, "/users/{id}")]
fn user(id: u64) -> String {
    id.to_string()
}

fn main() {}
