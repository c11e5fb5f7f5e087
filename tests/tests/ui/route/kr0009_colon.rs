//! KR0009: a capture as axum 0.7 wrote it (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/users/:id/notes")]
fn notes(id: u64) -> String {
    id.to_string()
}

fn main() {}
