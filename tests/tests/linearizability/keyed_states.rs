//! A keyed state: changed alone, changed together with a state without a key, and removed.

use crate::recorder::{Recorder, assert_linearizable, histories};
use crate::stores::{stores, was_not_kept};
use kr_runtime::prelude::*;
use kr_runtime::{SharedMap, UpdateError};
use kr_tests::{Client, serve};
use std::net::SocketAddr;
use todc_utils::specifications::Specification;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart(u64);

#[derive(Clone, SharedState)]
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
}

/// The kind of the request, its cart, and the two numbers of the response.
type Operation = (Kind, usize, [u64; 2]);

/// The cart after the operation, or `None` if the result cannot be explained. There is no cart until the first commit.
fn cart_after((kind, _, result): &Operation, cart: Option<u64>) -> Option<Option<u64>> {
    let items = cart.unwrap_or(0);
    let (expected, after) = match kind {
        Kind::Add | Kind::AddSlowly => (items + 1, Some(items + 1)),
        Kind::AddRolledBack => return Some(cart),
        Kind::Order => (items, Some(0)),
        Kind::Read => (items, cart),
        Kind::Remove => (u64::from(cart.is_some()), None),
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
        match cart_after(operation, carts[which]) {
            Some(after) => {
                carts[which] = after;
                (true, (carts, orders))
            }
            None => (false, before),
        }
    }
}

async fn run_client(shop: Shop, address: SocketAddr, number: usize, recorder: Recorder<Operation>) {
    let mut client = Client::connect(address).await;
    for round in 0..40 {
        let which = (number + round) % CARTS;
        let kind = match (number * 5 + round * 3) % 11 {
            0 | 1 => Kind::Add,
            2 | 3 => Kind::AddSlowly,
            4 => Kind::AddRolledBack,
            5..8 => Kind::Order,
            8 => Kind::Remove,
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
            Kind::AddRolledBack => {
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
    for store in (0..histories()).flat_map(stores) {
        let shop = Shop {
            carts: SharedMap::new(),
            orders: Shared::new(Orders(1)),
        };
        let app = App::new("Shop", shop.clone()).store(store).mount(routes![
            add,
            add_slowly,
            add_rolled_back,
            order,
            read
        ]);
        let address = serve(app.into_router().unwrap()).await;
        let recorder = Recorder::new();
        let clients: Vec<_> = (1..=6)
            .map(|number| tokio::spawn(run_client(shop.clone(), address, number, recorder.clone())))
            .collect();
        for run_client in clients {
            run_client.await.unwrap();
        }
        assert_linearizable::<WholeShop>(recorder.history(|_| true));
    }
}

#[test]
fn a_read_of_a_removed_cart_is_found() {
    let result = |kind, result| (kind, 0, [result, 0]);
    assert_eq!(cart_after(&result(Kind::Add, 3), Some(2)), Some(Some(3)));
    assert_eq!(cart_after(&result(Kind::Remove, 1), Some(3)), Some(None));
    assert_eq!(cart_after(&result(Kind::Remove, 1), None), None);
    assert_eq!(cart_after(&result(Kind::Read, 3), None), None);
}
