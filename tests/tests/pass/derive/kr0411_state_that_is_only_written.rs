//! KR0411: a store for a keyed state that need not be kept.

use kr_runtime::prelude::*;
use kr_runtime::{SharedMap, Store};

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "cart:{id}", transient)]
struct Cart {
    items: Vec<&'static str>,
}

#[derive(Host)]
struct Shop {
    carts: SharedMap<u64, Cart>,
}

fn main() -> kr_runtime::Result<()> {
    let shop = Shop {
        carts: SharedMap::new(),
    };
    let _ = App::new("Shop", shop).store(Store::from_env()?);
    Ok(())
}
