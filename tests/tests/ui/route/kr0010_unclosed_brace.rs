//! KR0010: a brace that is not closed (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/users/{id")]
fn user(id: u64) -> String {
    id.to_string()
}

fn main() {}
