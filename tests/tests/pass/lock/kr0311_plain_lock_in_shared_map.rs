//! KR0311: a lock for each key.

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

fn main() {
    let _ = Shop {
        carts: SharedMap::new(),
    };
}
