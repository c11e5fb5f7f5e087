//! KR0019: an argument of the capture's name.

use kr_runtime::prelude::*;

#[kr_route(get, "/users/{id}")]
fn user(id: String) -> String {
    id
}

fn main() {}
