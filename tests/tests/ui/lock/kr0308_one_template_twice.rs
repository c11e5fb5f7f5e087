//! KR0308: a state that could be either of two instances (1 error)

use kr_runtime::SharedMap;
use kr_runtime::prelude::*;

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart {
    items: Vec<String>,
}

#[derive(Host)]
struct Shop {
    carts: SharedMap<u64, Cart>,
}

#[kr_route(post, "/swap/{from}/{to}")]
#[locked("cart:{from}", "cart:{to}")]
fn swap(from: u64, to: u64, cart: &mut Cart) {
    cart.items.push(format!("{from} to {to}"));
}

fn main() {
    let shop = Shop {
        carts: SharedMap::new(),
    };
    let _ = App::new("Shop", shop).mount(routes![swap]);
}
