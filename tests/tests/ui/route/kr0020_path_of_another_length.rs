//! KR0020: the path's one capture, read as two values (1 error)

use axum::extract::Path;
use kr_runtime::prelude::*;

#[kr_route(get, "/rooms/{id}")]
fn room(Path((id, seat)): Path<(u64, u64)>) -> String {
    format!("{id} {seat}")
}

fn main() {}
