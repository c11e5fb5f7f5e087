//! KR0311: a `Shared` for a state with a lock for each key, and a handler of it (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart {
    items: Vec<String>,
}

#[derive(Host)]
struct Shop {
    carts: Shared<Cart>,
}

#[kr_route(post, "/cart/{id}")]
#[locked("cart:{id}")]
fn add(_id: u64, cart: &mut Cart, item: String) {
    cart.items.push(item);
}

fn main() {
    let shop = Shop {
        carts: Shared::new(Cart::default()),
    };
    let _ = App::new("Shop", shop).mount(routes![add]);
}
