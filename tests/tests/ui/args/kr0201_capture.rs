//! KR0201: a path segment cannot be read as the argument's type (1 error)

use kr_runtime::prelude::*;

struct CartId(u64);

#[kr_route(get, "/carts/{id}")]
fn cart(id: CartId) -> String {
    id.0.to_string()
}

fn main() {}
