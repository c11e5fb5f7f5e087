//! KR0310: a type that derives `LockKey`.

use kr_runtime::prelude::*;
use kr_runtime::{LockKey, SharedMap};

#[derive(Clone, PartialEq, Eq, Hash, Deserialize, LockKey)]
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
