//! KR0201: the type derives `Deserialize`.

use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct CartId(u64);

#[kr_route(get, "/carts/{id}")]
fn cart(id: CartId) -> String {
    id.0.to_string()
}

fn main() {}
