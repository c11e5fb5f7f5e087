//! KR0404: a host that keeps no such state by any key (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart {
    items: Vec<String>,
}

#[derive(Host)]
struct Shop {}

#[kr_route(post, "/cart/{id}")]
#[locked("cart:{id}")]
fn add(_id: u64, cart: &mut Cart, item: String) -> Json<Cart> {
    cart.items.push(item);
    Json(cart.clone())
}

fn main() {
    let shop = Shop {};
    let _ = App::new("Shop", shop).mount(routes![add]);
}
