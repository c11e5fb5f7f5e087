//! KR0304: the lock of the instance, without that of the other state (1 error)

use kr_runtime::SharedMap;
use kr_runtime::prelude::*;

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart {
    items: Vec<String>,
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "stock")]
struct Stock(u32);

#[derive(Host)]
struct Shop {
    carts: SharedMap<u64, Cart>,
    stock: Shared<Stock>,
}

#[kr_route(post, "/cart/{id}/{item}")]
#[locked("cart:{id}")]
fn add(id: u64, item: String, cart: &mut Cart, stock: &mut Stock) -> String {
    cart.items.push(item);
    stock.0 -= 1;
    format!("{id}: {}", stock.0)
}

fn main() {
    let shop = Shop {
        carts: SharedMap::new(),
        stock: Shared::new(Stock(3)),
    };
    let _ = App::new("Shop", shop).mount(routes![add]);
}
