//! KR0309: a key with the name of the capture.

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

#[kr_route(post, "/cart/{cart_id}")]
#[locked("cart:{cart_id}")]
fn add(_cart_id: u64, cart: &mut Cart, item: String) -> Json<Cart> {
    cart.items.push(item);
    Json(cart.clone())
}

fn main() {
    let shop = Shop {
        carts: SharedMap::new(),
    };
    let _ = App::new("Shop", shop).mount(routes![add]);
}
