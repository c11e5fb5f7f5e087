//! KR0020: one type for each capture.

use axum::extract::Path;
use kr_runtime::prelude::*;

#[kr_route(get, "/rooms/{id}/{seat}")]
fn room(Path((id, seat)): Path<(u64, u64)>) -> String {
    format!("{id} {seat}")
}

fn main() {}
