//! KR0009: a capture in braces.

use kr_runtime::prelude::*;

#[kr_route(get, "/users/{id}/notes")]
fn notes(id: u64) -> String {
    id.to_string()
}

fn main() {}
