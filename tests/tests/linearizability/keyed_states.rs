//! A keyed state: changed alone, changed together with a state without a key or with another instance, made and removed.

use crate::recorder::{Recorder, assert_linearizable, histories};
use crate::stores::{Machine, machines, was_not_kept};
use kr_runtime::prelude::*;
use kr_runtime::{SharedMap, UpdateError};
use kr_tests::Client;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use todc_utils::specifications::Specification;

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart(u64);

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "orders")]
struct Orders(u64);

#[derive(Clone, Host)]
struct Shop {
    carts: SharedMap<usize, Cart>,
    orders: Shared<Orders>,
}

#[kr_route(post, "/cart/{id}")]
#[locked("cart:{id}")]
fn add(_id: usize, cart: &mut Cart) -> Json<[u64; 2]> {
    cart.0 += 1;
    Json([cart.0, 0])
}

#[kr_route(post, "/cart/{id}/slowly")]
#[locked("cart:{id}")]
async fn add_slowly(_id: usize, cart: &mut Cart) -> Json<[u64; 2]> {
    let before = cart.0;
    tokio::task::yield_now().await;
    cart.0 = before + 1;
    Json([cart.0, 0])
}

/// Changes the cart and rolls back.
#[kr_route(post, "/cart/{id}/rolled-back")]
#[locked("cart:{id}")]
async fn add_rolled_back(_id: usize, cart: &mut Cart) -> Result<Json<[u64; 2]>, Problem> {
    cart.0 += 1;
    tokio::task::yield_now().await;
    Err(Problem::conflict("changed my mind"))
}

/// Empties a cart into the orders, under a keyed lock and a plain one.
#[kr_route(post, "/cart/{id}/order")]
#[locked("orders", "cart:{id}")]
async fn order(_id: usize, cart: &mut Cart, orders: &mut Orders) -> Json<[u64; 2]> {
    let items = std::mem::take(&mut cart.0);
    tokio::task::yield_now().await;
    orders.0 = orders.0 * 3 % MODULUS + items;
    Json([items, orders.0])
}

#[kr_route(get, "/cart/{id}")]
#[locked("cart:{id}")]
fn read(_id: usize, cart: &Cart) -> Json<[u64; 2]> {
    Json([cart.0, 0])
}

/// Makes the cart, or replaces it. Returns whether there was one.
#[kr_route(put, "/cart/{id}/{items}")]
#[locked("cart:{id}")]
async fn put(_id: usize, items: u64, cart: &mut Option<Cart>) -> Json<[u64; 2]> {
    let existed = cart.take().is_some();
    tokio::task::yield_now().await;
    *cart = Some(Cart(items));
    Json([u64::from(existed), 0])
}

/// Removes the cart. Returns whether there was one.
#[kr_route(delete, "/cart/{id}")]
#[locked("cart:{id}")]
fn delete(_id: usize, cart: &mut Option<Cart>) -> Json<[u64; 2]> {
    Json([u64::from(cart.take().is_some()), 0])
}

/// Takes the cart, and puts it back by rolling back.
#[kr_route(delete, "/cart/{id}/rolled-back")]
#[locked("cart:{id}")]
async fn delete_rolled_back(
    _id: usize,
    cart: &mut Option<Cart>,
) -> Result<Json<[u64; 2]>, Problem> {
    cart.take();
    tokio::task::yield_now().await;
    Err(Problem::conflict("changed my mind"))
}

/// The items of the cart and one more, or 0 if there is no cart.
#[kr_route(get, "/cart/{id}/look")]
#[locked("cart:{id}")]
fn look(_id: usize, cart: Option<&Cart>) -> Json<[u64; 2]> {
    Json([cart.map_or(0, |cart| cart.0 + 1), 0])
}

#[derive(Deserialize)]
struct Move {
    from: usize,
    to: usize,
}

/// Moves all items from one cart to another.
#[kr_route(post, "/moves")]
#[locked(from = "cart:{carts.from}", to = "cart:{carts.to}")]
async fn move_items(from: &mut Cart, to: &mut Cart, Json(carts): Json<Move>) -> Json<[u64; 2]> {
    assert_ne!(carts.from, carts.to);
    let items = std::mem::take(&mut from.0);
    tokio::task::yield_now().await;
    to.0 += items;
    Json([items, to.0])
}

/// Numbers wrap around here.
const MODULUS: u64 = 1_000_003;

const CARTS: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Add,
    AddSlowly,
    AddRolledBack,
    Order,
    Read,
    /// By `SharedMap::remove`, which returns whether the cart existed.
    Remove,
    /// A cart of that many items.
    Put(u64),
    Delete,
    DeleteRolledBack,
    Look,
    /// To the next cart.
    Move,
}

/// The kind of the request, its cart, and the two numbers of the response.
type Operation = (Kind, usize, [u64; 2]);

/// The cart after the operation, or `None` if the result cannot be explained. There is no cart until the first commit.
fn cart_after((kind, _, result): &Operation, cart: Option<u64>) -> Option<Option<u64>> {
    let items = cart.unwrap_or(0);
    let (expected, after) = match kind {
        Kind::Add | Kind::AddSlowly => (items + 1, Some(items + 1)),
        Kind::AddRolledBack | Kind::DeleteRolledBack => return Some(cart),
        Kind::Order => (items, Some(0)),
        Kind::Read => (items, cart),
        Kind::Remove | Kind::Delete => (u64::from(cart.is_some()), None),
        Kind::Put(items) => (u64::from(cart.is_some()), Some(*items)),
        Kind::Look => (cart.map_or(0, |items| items + 1), cart),
        Kind::Move => (items, Some(0)),
    };
    (expected == result[0]).then_some(after)
}

/// The specification of all carts and the orders.
struct WholeShop;

impl Specification for WholeShop {
    type State = ([Option<u64>; CARTS], u64);
    type Operation = Operation;

    fn init() -> Self::State {
        ([None; CARTS], 1)
    }

    fn apply(operation: &Operation, &(mut carts, mut orders): &Self::State) -> (bool, Self::State) {
        let before = (carts, orders);
        let &(kind, which, result) = operation;
        if kind == Kind::Order {
            orders = orders * 3 % MODULUS + carts[which].unwrap_or(0);
            if orders != result[1] {
                return (false, before);
            }
        }
        if kind == Kind::Move {
            let to = &mut carts[(which + 1) % CARTS];
            let items = before.0[which].unwrap_or(0) + to.unwrap_or(0);
            *to = Some(items);
            if items != result[1] {
                return (false, before);
            }
        }
        match cart_after(operation, carts[which]) {
            Some(after) => {
                carts[which] = after;
                (true, (carts, orders))
            }
            None => (false, before),
        }
    }
}

async fn run_client(
    shop: Arc<Shop>,
    address: SocketAddr,
    number: usize,
    recorder: Recorder<Operation>,
) {
    let mut client = Client::connect(address).await;
    for round in 0..40 {
        let which = (number + round) % CARTS;
        let kind = match (number * 5 + round * 3) % 17 {
            0 | 1 => Kind::Add,
            2 | 3 => Kind::AddSlowly,
            4 => Kind::AddRolledBack,
            5 | 6 => Kind::Order,
            7 => Kind::Remove,
            8 | 9 => Kind::Put((number * 100 + round) as u64),
            10 | 11 => Kind::Delete,
            12 => Kind::DeleteRolledBack,
            13 => Kind::Look,
            14 | 15 => Kind::Move,
            _ => Kind::Read,
        };
        let call = recorder.call((kind, which, [0; 2]));
        let path = |rest| format!("/cart/{which}{rest}");
        let response = match kind {
            Kind::Add => client.post(&path("")).await,
            Kind::AddSlowly => client.post(&path("/slowly")).await,
            Kind::AddRolledBack => client.post(&path("/rolled-back")).await,
            Kind::Order => client.post(&path("/order")).await,
            Kind::Read => client.get(&path("")).await,
            Kind::Put(items) => {
                client
                    .put_json(&path(&format!("/{items}")), &json!({}))
                    .await
            }
            Kind::Delete => client.delete(&path("")).await,
            Kind::DeleteRolledBack => client.delete(&path("/rolled-back")).await,
            Kind::Look => client.get(&path("/look")).await,
            Kind::Move => {
                let carts = json!({"from": which, "to": (which + 1) % CARTS});
                client.post_json("/moves", &carts).await
            }
            Kind::Remove => {
                match shop.carts.remove(&which).await {
                    Ok(existed) => {
                        recorder.response(&call, (kind, which, [u64::from(existed), 0]));
                    }
                    Err(UpdateError::Commit(error)) if error.outcome_is_known() => {
                        recorder.remove(&call);
                    }
                    Err(error) => panic!("{error}"),
                }
                continue;
            }
        };
        if was_not_kept(&response) {
            recorder.remove(&call);
            continue;
        }
        let result = match kind {
            Kind::AddRolledBack | Kind::DeleteRolledBack => {
                assert_eq!(response.problem(StatusCode::CONFLICT), "changed my mind");
                [0; 2]
            }
            _ => serde_json::from_value(response.json()).unwrap(),
        };
        recorder.response(&call, (kind, which, result));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn updates_and_reads_of_keyed_states_are_linearizable() {
    let app = || {
        let host = Shop {
            carts: SharedMap::new(),
            orders: Shared::new(Orders(1)),
        };
        App::new("Shop", host).mount(routes![
            add,
            add_slowly,
            add_rolled_back,
            order,
            read,
            put,
            delete,
            delete_rolled_back,
            look,
            move_items,
        ])
    };
    for seed in 0..histories() {
        for machines in machines(seed, app).await {
            let recorder = Recorder::new();
            let clients: Vec<_> = (1..=6)
                .map(|number| {
                    let Machine { host, address } = &machines[number % machines.len()];
                    tokio::spawn(run_client(
                        Arc::clone(host),
                        *address,
                        number,
                        recorder.clone(),
                    ))
                })
                .collect();
            for run_client in clients {
                run_client.await.unwrap();
            }
            assert_linearizable::<WholeShop>(recorder.history(|_| true));
        }
    }
}

#[test]
fn a_read_of_a_removed_cart_is_found() {
    let result = |kind, result| (kind, 0, [result, 0]);
    assert_eq!(cart_after(&result(Kind::Add, 3), Some(2)), Some(Some(3)));
    assert_eq!(cart_after(&result(Kind::Remove, 1), Some(3)), Some(None));
    assert_eq!(cart_after(&result(Kind::Remove, 1), None), None);
    assert_eq!(cart_after(&result(Kind::Read, 3), None), None);
    assert_eq!(cart_after(&result(Kind::Look, 1), None), None);
    assert_eq!(cart_after(&result(Kind::Put(5), 1), None), None);
    assert_eq!(cart_after(&result(Kind::Put(5), 0), None), Some(Some(5)));
}
