//! KR0311: a `Shared` for the one instance of the state.

use kr_runtime::prelude::*;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "cart")]
struct Cart {
    items: Vec<String>,
}

#[derive(Host)]
struct Shop {
    carts: Shared<Cart>,
}

#[kr_route(post, "/cart")]
#[locked("cart")]
fn add(cart: &mut Cart, item: String) {
    cart.items.push(item);
}

fn main() {
    let shop = Shop {
        carts: Shared::new(Cart::default()),
    };
    let _ = App::new("Shop", shop).mount(routes![add]);
}
