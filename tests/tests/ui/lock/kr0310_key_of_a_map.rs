//! KR0310: a keyed state by a type that is no key (1 error)

use kr_runtime::SharedMap;
use kr_runtime::prelude::*;

#[derive(Clone, PartialEq, Eq, Hash)]
struct CartId(u64);

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart {
    items: Vec<String>,
}

#[derive(Host)]
struct Shop {
    carts: SharedMap<CartId, Cart>,
}

fn main() {
    let _ = Shop {
        carts: SharedMap::new(),
    };
}
