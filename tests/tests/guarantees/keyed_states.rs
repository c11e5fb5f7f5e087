//! Keyed states: one instance per key, each under its own lock.

use axum::Extension;
use http::StatusCode;
use kr_runtime::prelude::*;
use kr_runtime::{LockError, LockKey, SharedMap, Snapshot, UpdateError};
use kr_tests::{Client, serve};
use serde_json::json;
use std::time::Duration;
use tokio::time::sleep;

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, LockKey)]
struct CartId(u64);

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart {
    items: Vec<String>,
}

/// Under the same lock as the cart of its key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "Cart:{cart}")]
struct Receipt {
    cart: u64,
    lines: usize,
}

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "stock")]
struct Stock(u32);

/// Keyed by two parts.
#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "seat:{hall}:{row}")]
struct Row(Vec<String>);

#[derive(Clone, Host)]
struct Shop {
    carts: SharedMap<CartId, Cart>,
    receipts: SharedMap<CartId, Receipt>,
    stock: Shared<Stock>,
    rows: SharedMap<(String, u8), Row>,
}

impl Shop {
    fn new() -> Self {
        let receipt = |id: &CartId| Receipt {
            cart: id.0,
            lines: 0,
        };
        Self {
            carts: SharedMap::new(),
            receipts: SharedMap::with_initial(receipt),
            stock: Shared::new(Stock(5)),
            rows: SharedMap::new(),
        }
    }

    async fn start() -> (Self, Client) {
        let shop = Self::new();
        let app = App::new("Shop", shop.clone()).mount(routes![
            cart, add, fail, hold, both, receipt, sit, guard_both, guarded, nested
        ]);
        let router = app.into_router().unwrap().layer(Extension(shop.clone()));
        let client = Client::connect(serve(router).await).await;
        (shop, client)
    }
}

const STOCK: &str = "stock";

#[kr_route(get, "/cart/{id}")]
#[locked("cart:{id}")]
fn cart(id: CartId, cart: &Cart) -> Json<(u64, &Cart)> {
    Json((id.0, cart))
}

#[kr_route(post, "/cart/{id}/add/{item}")]
#[locked("cart:{id}", timeout = "100ms")]
fn add(id: CartId, item: String, cart: &mut Cart) -> Json<usize> {
    let _ = id;
    cart.items.push(item);
    Json(cart.items.len())
}

#[kr_route(post, "/cart/{id}/fail")]
#[locked("cart:{id}")]
fn fail(_id: CartId, cart: &mut Cart) -> Result<(), Problem> {
    cart.items.push("half".into());
    Err(Problem::conflict("changed my mind"))
}

#[kr_route(post, "/cart/{id}/hold/{millis}")]
#[locked("cart:{id}")]
async fn hold(_id: CartId, millis: u64, cart: &mut Cart) -> StatusCode {
    sleep(Duration::from_millis(millis)).await;
    cart.items.push("held".into());
    StatusCode::OK
}

/// A keyed lock and a plain one, with two states under the keyed one.
#[kr_route(post, "/buy/{id}")]
#[locked(STOCK, "cart:{id}")]
fn both(
    _id: CartId,
    receipt: &mut Receipt,
    stock: &mut Stock,
    cart: &mut Cart,
) -> Result<(), Problem> {
    cart.items.push("helmet".into());
    receipt.lines += 1;
    stock.0 = stock
        .0
        .checked_sub(1)
        .ok_or(Problem::conflict("sold out"))?;
    Ok(())
}

#[kr_route(get, "/receipt/{id}")]
#[locked("cart:{id}")]
fn receipt(_id: CartId, cart: &Cart, receipt: &Receipt) -> Json<(usize, Receipt)> {
    Json((cart.items.len(), receipt.clone()))
}

#[kr_route(post, "/sit/{hall}/{row}")]
#[locked("seat:{hall}:{row}")]
fn sit(row: u8, hall: String, seats: &mut Row, name: String) -> Json<usize> {
    let _ = (row, hall);
    seats.0.push(name);
    Json(seats.0.len())
}

/// Two keyed locks, possibly with the same key, without a state.
#[kr_route(post, "/guard/{from}/{to}")]
#[locked("cart:{from}", "cart:{to}", exclusive)]
async fn guard_both(from: CartId, to: CartId) -> Json<(u64, u64)> {
    tokio::task::yield_now().await;
    Json((from.0, to.0))
}

/// A keyed lock that guards no state.
#[kr_route(post, "/report/{name}")]
#[locked("report:{name}", exclusive)]
fn guarded(name: String) -> String {
    name
}

/// Requests the lock of the cart that it holds, in a task that it awaits.
#[kr_route(post, "/nested/{id}")]
#[locked("cart:{id}")]
async fn nested(
    id: CartId,
    cart: &mut Cart,
    Extension(shop): Extension<Shop>,
) -> Result<(), Problem> {
    cart.items.clear();
    let again = kr_runtime::spawn(async move { shop.carts.update(&id, |_| ()).await });
    let again = again.await.map_err(|_| Problem::internal())?;
    again.map_err(|error| Problem::conflict(error.to_string()))
}

#[tokio::test]
async fn the_key_is_the_typed_argument_not_the_text_of_the_path() {
    let (shop, mut client) = Shop::start().await;
    assert_eq!(client.post("/cart/1/add/helmet").await.json(), 1);
    assert_eq!(client.post("/cart/01/add/bell").await.json(), 2);
    assert_eq!(
        client.get("/cart/001").await.json(),
        json!([1, {"items": ["helmet", "bell"]}])
    );
    assert_eq!(shop.carts.keys().await.unwrap(), [CartId(1)]);
}

#[tokio::test]
async fn an_update_waits_only_for_updates_of_its_own_instance() {
    let (shop, mut client) = Shop::start().await;
    let _held = shop.carts.locks();
    let app = App::new("Names", shop.clone());
    let guard = tokio::spawn(app.locks().lock(" CART:7"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        client.post("/cart/8/add/helmet").await.status,
        StatusCode::OK
    );
    let refused = client.post("/cart/7/add/helmet").await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.json()["lock"], "cart:7");
    drop(guard);
    assert_eq!(
        client.post("/cart/7/add/helmet").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn reads_failed_updates_and_waits_leave_no_instance_and_no_lock() {
    let (shop, mut client) = Shop::start().await;
    assert_eq!(
        client.get("/cart/1").await.json(),
        json!([1, {"items": []}])
    );
    assert_eq!(
        client.post("/cart/2/fail").await.status,
        StatusCode::CONFLICT
    );
    assert_eq!(client.post("/guard/3/4").await.status, StatusCode::OK);
    assert_eq!(client.post("/report/monthly").await.text(), "monthly");
    assert_eq!(shop.receipts.latest(&CartId(5)).unwrap().cart, 5);
    assert!(shop.carts.is_empty().await.unwrap());
    assert_eq!(shop.carts.locks(), []);
}

#[tokio::test]
async fn states_of_one_template_commit_together_also_with_other_locks() {
    let (shop, mut client) = Shop::start().await;
    for _ in 0..5 {
        assert_eq!(client.post("/buy/9").await.status, StatusCode::OK);
    }
    assert_eq!(client.post("/buy/9").await.status, StatusCode::CONFLICT);
    let receipt = client.get("/receipt/9").await.json();
    assert_eq!(receipt, json!([5, {"cart": 9, "lines": 5}]));
    assert_eq!(shop.latest::<Stock>().unwrap().0, 0);
    assert_eq!(shop.carts.latest(&CartId(9)).unwrap().revision(), 5);
}

#[tokio::test]
async fn different_keys_of_several_parts_are_different_locks() {
    let (shop, mut client) = Shop::start().await;
    for path in ["/sit/a:1/2", "/sit/A:1/2", "/sit/a/12"] {
        let response = client
            .send(http::Method::POST, path, Some("text/plain"), "me")
            .await;
        assert_eq!(response.json(), 1, "{path}");
    }
    assert_eq!(shop.rows.len().await.unwrap(), 3);
    let names: std::collections::HashSet<_> = shop
        .rows
        .keys()
        .await
        .unwrap()
        .iter()
        .map(|key| shop.rows.lock_key(key))
        .collect();
    assert_eq!(names.len(), 3);
}

#[tokio::test]
async fn two_templates_with_the_same_key_are_acquired_once() {
    let (_shop, mut client) = Shop::start().await;
    assert_eq!(client.post("/guard/3/3").await.json(), json!([3, 3]));
    assert_eq!(client.post("/guard/3/4").await.json(), json!([3, 4]));
}

#[tokio::test]
async fn reentry_from_a_spawned_task_of_the_request_is_an_error_at_once() {
    let (shop, mut client) = Shop::start().await;
    let detail = client.post("/nested/7").await.problem(StatusCode::CONFLICT);
    assert!(
        detail.contains("lock \"cart:7\" is already held") && detail.contains("`nested`"),
        "{detail}"
    );
    assert!(detail.contains("keyed_states.rs:"), "{detail}");
    assert!(shop.carts.is_empty().await.unwrap());
}

#[tokio::test]
async fn a_removed_instance_starts_again_from_its_initial_value() {
    let (shop, _client) = Shop::start().await;
    let id = CartId(1);
    shop.carts
        .update(&id, |cart| cart.items.push("bell".into()))
        .await
        .unwrap();
    assert!(shop.carts.get(&id).await.unwrap().is_some());
    assert!(shop.carts.remove(&id).await.unwrap());
    assert!(!shop.carts.remove(&id).await.unwrap());
    assert!(shop.carts.get(&id).await.unwrap().is_none());
    assert_eq!(*shop.carts.latest(&id).unwrap(), Cart::default());
    assert_eq!(shop.carts.locks(), []);
    // Its revisions go on, so that none of them names two values.
    shop.carts.update(&id, |_| ()).await.unwrap();
    let again = shop.carts.get(&id).await.unwrap().unwrap();
    assert_eq!((&*again, again.revision()), (&Cart::default(), 3));
}

#[tokio::test]
async fn one_instance_or_all_can_be_exported_and_imported() {
    let shop = Shop::new();
    for id in 1..4 {
        let item = format!("item {id}");
        shop.carts
            .update(&CartId(id), |cart| cart.items.push(item))
            .await
            .unwrap();
    }
    let one = Snapshot::new(&*shop.carts.latest(&CartId(2)).unwrap())
        .to_string()
        .unwrap();
    let all = Snapshot::new(shop.carts.entries().await.unwrap())
        .to_string()
        .unwrap();

    let other = Shop::new();
    other
        .carts
        .update(&CartId(9), |cart| cart.items.push("mine".into()))
        .await
        .unwrap();
    let cart = Snapshot::<Cart>::from_str(&one).unwrap().into_inner();
    other.carts.replace(&CartId(2), cart).await.unwrap();
    assert_eq!(other.carts.latest(&CartId(2)).unwrap().items, ["item 2"]);
    let carts: Snapshot<Vec<(CartId, Cart)>> = Snapshot::from_str(&all).unwrap();
    other.carts.replace_all(carts.into_inner()).await.unwrap();
    let mut keys = other.carts.keys().await.unwrap();
    keys.sort_by_key(|key| key.0);
    assert_eq!(keys, [CartId(1), CartId(2), CartId(3)]);
}

#[tokio::test]
async fn update_many_takes_instances_and_other_states() {
    let shop = Shop::new();
    let (one, other) = (CartId(1), CartId(2));
    shop.carts
        .update(&one, |cart| cart.items.push("bell".into()))
        .await
        .unwrap();
    let moved = shop
        .update_many(
            (shop.carts.at(&one), shop.carts.at(&other), &shop.stock),
            |(from, to, stock)| {
                to.items.append(&mut from.items);
                stock.0 += 1;
            },
        )
        .await;
    assert_eq!(moved, Ok(()));
    assert_eq!(
        (
            shop.carts.latest(&one).unwrap().items.len(),
            shop.carts.latest(&other).unwrap().items.len()
        ),
        (0, 1)
    );
    assert_eq!(shop.latest::<Stock>().unwrap().0, 6);

    let twice = shop
        .update_many((shop.carts.at(&one), shop.carts.at(&one)), |_| ())
        .await;
    assert!(
        matches!(
            twice,
            Err(UpdateError::Lock(LockError::DuplicateBorrow { .. }))
        ),
        "{twice:?}"
    );
}

#[tokio::test]
async fn a_lock_by_name_that_matches_a_template_is_the_lock_of_that_instance() {
    let shop = Shop::new();
    let locks = App::new("Shop", shop.clone()).locks();
    let guard = locks.lock("cart:7").await.unwrap();
    let again = shop.carts.update(&CartId(7), |_| ()).await;
    assert!(
        matches!(again, Err(UpdateError::Lock(LockError::Reentrant { .. }))),
        "{again:?}"
    );
    let listed = locks.list();
    let held = listed.iter().find(|status| status.lock == "cart:7");
    assert!(held.is_some_and(|status| status.holder.is_some()));
    drop(guard);
}
