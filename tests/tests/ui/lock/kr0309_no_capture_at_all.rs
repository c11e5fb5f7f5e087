//! KR0309: a key with a placeholder, and a path without captures (1 error)

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

#[kr_route(post, "/cart")]
#[locked("cart:{id}")]
fn add(cart: &mut Cart, item: String) -> Json<Cart> {
    cart.items.push(item);
    Json(cart.clone())
}

fn main() {
    let shop = Shop {
        carts: SharedMap::new(),
    };
    let _ = App::new("Shop", shop).mount(routes![add]);
}
