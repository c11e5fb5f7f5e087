//! KR0015: a capture whose name no argument can have (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/carts/{cart-id}")]
fn cart(cart_id: u64) -> String {
    cart_id.to_string()
}

fn main() {}
