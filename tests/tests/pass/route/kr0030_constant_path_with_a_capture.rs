//! KR0030: the path itself, whose capture is an argument.

use kr_runtime::prelude::*;

#[kr_route(get, "/carts/{id}")]
fn cart(id: u64) -> Json<u64> {
    Json(id)
}

fn main() {}
