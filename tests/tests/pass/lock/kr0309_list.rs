//! KR0309: a list of all instances.

use kr_runtime::prelude::*;
use kr_runtime::{Instances, SharedMap};

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart(u64);

#[derive(Host)]
struct Shop {
    carts: SharedMap<u64, Cart>,
}

#[kr_route(get, "/carts")]
#[locked("cart:*")]
fn carts(carts: &Instances<u64, Cart>) -> Json<bool> {
    let _ = carts;
    Json(true)
}

fn main() {
    let shop = Shop {
        carts: SharedMap::new(),
    };
    let _ = App::new("Shop", shop).mount(routes![carts]);
}
