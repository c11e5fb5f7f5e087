//! KR0201: the type derives `Deserialize`.

use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct ItemId(u64);

#[kr_route(get, "/carts/{cart}/items/{item}")]
fn item(cart: u64, item: ItemId) -> String {
    format!("{cart} {}", item.0)
}

fn main() {}
