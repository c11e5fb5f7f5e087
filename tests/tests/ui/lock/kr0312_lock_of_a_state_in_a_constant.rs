//! KR0312: a placeholder in a constant, on a state (1 error)

use kr_runtime::prelude::*;

const CART: &str = "cart:{id}";

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = CART)]
struct Cart {
    items: Vec<String>,
}

fn main() {
    let _ = Cart::default().items;
}
