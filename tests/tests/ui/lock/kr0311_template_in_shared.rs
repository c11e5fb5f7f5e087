//! KR0311: a `Shared` for a state with a lock for each key (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart {
    items: Vec<String>,
}

#[derive(Host)]
struct Shop {
    carts: Shared<Cart>,
}

fn main() {
    let _ = Shop {
        carts: Shared::new(Cart::default()),
    };
}
