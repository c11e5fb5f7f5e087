//! KR0311: a `SharedMap` for a state with one lock (1 error)

use kr_runtime::SharedMap;
use kr_runtime::prelude::*;

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "cart")]
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
