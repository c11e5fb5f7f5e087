//! KR0411: a store for a keyed state that can be written and not read (1 error)

use kr_runtime::prelude::*;
use kr_runtime::{SharedMap, Store};

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "cart:{id}")]
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
