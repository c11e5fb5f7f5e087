//! KR0011: a capture with a name.

use kr_runtime::prelude::*;

#[kr_route(get, "/users/{id}")]
fn user(id: u64) -> String {
    id.to_string()
}

fn main() {}
