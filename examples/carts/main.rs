//! A shop on one page: a cart for each customer, a stock for all, a counter, and deadlines.
//!
//! ```text
//! cargo run --example carts               # 127.0.0.1:5000
//! curl -s -X POST localhost:5000/cart/7/helmet
//! curl -s localhost:5000/cart/007         # the same cart: the key is the number, not its text
//! curl -s -X POST localhost:5000/inventory & sleep 0.2; curl -s -X POST localhost:5000/cart/7/bell
//! ```

use kr_runtime::prelude::*;
use kr_runtime::{Counter, LockKey, OpenApi, Operations, SharedMap};
use schemars::JsonSchema;
use std::collections::BTreeMap;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

#[derive(Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema, LockKey)]
struct CartId(u64);

/// Keyed state: each cart has a lock of its own, so changes of one cart never wait for changes of another.
#[derive(Clone, Default, Serialize, JsonSchema, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart {
    items: Vec<String>,
}

/// One state for the whole shop. Its counter is counted without the lock.
#[derive(Clone, Serialize, SharedState)]
#[shared_state(lock = "stock")]
struct Stock {
    left: BTreeMap<String, u32>,
    looks: Counter,
}

#[derive(Host)]
struct Shop {
    carts: SharedMap<CartId, Cart>,
    stock: Shared<Stock>,
}

/// A read never waits. A cart that was never changed reads as an empty one, and reading does not create it.
#[kr_route(get, "/cart/{id}")]
#[locked("cart:{id}")]
fn cart(_id: CartId, cart: &Cart) -> Json<&Cart> {
    Json(cart)
}

/// Finds the stock's counter by its name. No lock, no draft.
#[kr_route(post, "/looks")]
fn look(looks: &Counter) -> Result<Json<i64>, Problem> {
    Ok(Json(looks.add(1)?))
}

/// Two locks, one commit: the item leaves the stock and enters the cart, or neither happens.
#[kr_route(post, "/cart/{id}/{item}")]
#[locked("cart:{id}", "stock", timeout = "250ms")]
fn add(
    id: CartId,
    item: String,
    cart: &mut Cart,
    stock: &mut Stock,
) -> Result<Json<Cart>, Problem> {
    let left = stock
        .left
        .get_mut(&item)
        .ok_or_else(|| Problem::not_found(format!("there is no `{item}` in this shop")))?;
    cart.items.push(item.clone());
    // Sold out? `Err` drops both drafts, including the item that was just put into the cart.
    *left = left.checked_sub(1).ok_or_else(|| {
        Problem::conflict(format!(
            "cart {} comes too late: `{item}` is sold out",
            id.0
        ))
    })?;
    Ok(Json(cart.clone()))
}

/// Holds the stock's lock for two seconds. Meanwhile, requests to `add` get a 503 after a quarter of a second, and the log
/// names this handler.
#[kr_route(post, "/inventory")]
#[locked("stock", hold_timeout = "5s")]
async fn inventory(stock: &mut Stock) -> Json<BTreeMap<String, u32>> {
    tokio::time::sleep(Duration::from_secs(2)).await;
    stock.left.values_mut().for_each(|left| *left += 10);
    Json(stock.left.clone())
}

#[tokio::main]
async fn main() -> kr_runtime::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false) // a log that nobody reads is no reason to panic
        .init();

    let left = [("helmet", 3), ("bell", 10)].map(|(item, left)| (item.to_owned(), left));
    let shop = Shop {
        carts: SharedMap::new(),
        stock: Shared::new(Stock {
            left: left.into(),
            looks: Counter::new(0),
        }),
    };
    App::new("Carts", shop)
        .mount(routes![cart, add, look, inventory])
        .max_waiters(100) // with more than 100 waiting requests, the next gets a 503 at once
        .allowed_hosts(["localhost", "127.0.0.1", "[::1]"])
        .same_site()
        .openapi(OpenApi::new(env!("CARGO_PKG_VERSION"))) // at /openapi.json, and a page at /docs
        .operations(Operations::from_env()) // at KR_OPERATIONS, if that is set
        .run()
        .await
}
