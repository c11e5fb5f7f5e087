//! KR0312: the key itself.

use kr_runtime::prelude::*;

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart {
    items: Vec<String>,
}

fn main() {
    let _ = Cart::default().items;
}
