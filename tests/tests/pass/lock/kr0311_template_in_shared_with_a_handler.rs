//! KR0311: a `SharedMap` for the state with a lock for each key.

use kr_runtime::SharedMap;
use kr_runtime::prelude::*;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart {
    items: Vec<String>,
}

#[derive(Host)]
struct Shop {
    carts: SharedMap<u64, Cart>,
}

#[kr_route(post, "/cart/{id}")]
#[locked("cart:{id}")]
fn add(_id: u64, cart: &mut Cart, item: String) {
    cart.items.push(item);
}

fn main() {
    let shop = Shop {
        carts: SharedMap::new(),
    };
    let _ = App::new("Shop", shop).mount(routes![add]);
}
