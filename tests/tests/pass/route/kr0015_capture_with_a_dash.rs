//! KR0015: a capture named like an argument.

use kr_runtime::prelude::*;

#[kr_route(get, "/carts/{cart_id}")]
fn cart(cart_id: u64) -> String {
    cart_id.to_string()
}

fn main() {}
