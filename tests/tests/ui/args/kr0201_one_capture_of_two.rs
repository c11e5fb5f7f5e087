//! KR0201: one of two path segments cannot be read as its argument's type (1 error)

use kr_runtime::prelude::*;

struct ItemId(u64);

#[kr_route(get, "/carts/{cart}/items/{item}")]
fn item(cart: u64, item: ItemId) -> String {
    format!("{cart} {}", item.0)
}

fn main() {}
