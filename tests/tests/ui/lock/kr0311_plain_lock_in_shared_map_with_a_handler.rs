//! KR0311: a `SharedMap` for a state with one lock, and a handler of it (1 error)

use kr_runtime::SharedMap;
use kr_runtime::prelude::*;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "cart")]
struct Cart {
    items: Vec<String>,
}

#[derive(Host)]
struct Shop {
    carts: SharedMap<u64, Cart>,
}

#[kr_route(post, "/cart")]
#[locked("cart")]
fn add(cart: &mut Cart, item: String) {
    cart.items.push(item);
}

fn main() {
    let shop = Shop {
        carts: SharedMap::new(),
    };
    let _ = App::new("Shop", shop).mount(routes![add]);
}
