//! A state of which there is one for each key: changed alone, together with one that has no key, and removed.

use crate::recorder::{Recorder, is_linearizable, rounds};
use kr_runtime::SharedMap;
use kr_runtime::prelude::*;
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

/// Changes its mind.
#[kr_route(post, "/cart/{id}/in-vain")]
#[locked("cart:{id}")]
async fn add_in_vain(_id: usize, cart: &mut Cart) -> Result<Json<[u64; 2]>, Problem> {
    cart.0 += 1;
    tokio::task::yield_now().await;
    Err(Problem::conflict("changed my mind"))
}

/// Empties a cart into the orders, under a keyed lock and one that is always the same.
#[kr_route(post, "/cart/{id}/order")]
#[locked("orders", "cart:{id}")]
async fn order(_id: usize, cart: &mut Cart, orders: &mut Orders) -> Json<[u64; 2]> {
    let items = std::mem::take(&mut cart.0);
    tokio::task::yield_now().await;
    orders.0 = orders.0 * 3 % MOST + items;
    Json([items, orders.0])
}

#[kr_route(get, "/cart/{id}")]
#[locked("cart:{id}")]
fn look(_id: usize, cart: &Cart) -> Json<[u64; 2]> {
    Json([cart.0, 0])
}

/// Numbers start over there.
const MOST: u64 = 1_000_003;

const CARTS: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    Add,
    AddSlowly,
    AddInVain,
    Order,
    Look,
    /// In code, which says whether the cart was there.
    Remove,
}

/// What was asked of which cart, and the two numbers of the answer.
type Did = (What, usize, [u64; 2]);

/// What a cart becomes, if that is what its client was told of it. There is none until a change of it is committed.
fn cart_after((what, _, told): &Did, cart: Option<u64>) -> Option<Option<u64>> {
    let items = cart.unwrap_or(0);
    let (answer, after) = match what {
        What::Add | What::AddSlowly => (items + 1, Some(items + 1)),
        What::AddInVain => return Some(cart),
        What::Order => (items, Some(0)),
        What::Look => (items, cart),
        What::Remove => (u64::from(cart.is_some()), None),
    };
    (answer == told[0]).then_some(after)
}

/// All carts and the orders.
struct WholeShop;

impl Specification for WholeShop {
    type State = ([Option<u64>; CARTS], u64);
    type Operation = Did;

    fn init() -> Self::State {
        ([None; CARTS], 1)
    }

    fn apply(did: &Did, &(mut carts, mut orders): &Self::State) -> (bool, Self::State) {
        let before = (carts, orders);
        let &(what, which, told) = did;
        if what == What::Order {
            orders = orders * 3 % MOST + carts[which].unwrap_or(0);
            if orders != told[1] {
                return (false, before);
            }
        }
        match cart_after(did, carts[which]) {
            Some(after) => {
                carts[which] = after;
                (true, (carts, orders))
            }
            None => (false, before),
        }
    }
}

/// One cart by itself.
struct OneCart;

impl Specification for OneCart {
    type State = Option<u64>;
    type Operation = Did;

    fn init() -> Option<u64> {
        None
    }

    fn apply(did: &Did, cart: &Option<u64>) -> (bool, Option<u64>) {
        let after = cart_after(did, *cart);
        (after.is_some(), after.unwrap_or(*cart))
    }
}

async fn visit(shop: Shop, address: SocketAddr, number: usize, record: Recorder<Did>) {
    let mut client = Client::connect(address).await;
    for round in 0..40 {
        let which = (number + round) % CARTS;
        let what = match (number * 5 + round * 3) % 11 {
            0 | 1 => What::Add,
            2 | 3 => What::AddSlowly,
            4 => What::AddInVain,
            5..8 => What::Order,
            8 => What::Remove,
            _ => What::Look,
        };
        let sent = record.sends((what, which, [0; 2]));
        let path = |rest| format!("/cart/{which}{rest}");
        let answer = match what {
            What::Add => client.post(&path("")).await,
            What::AddSlowly => client.post(&path("/slowly")).await,
            What::AddInVain => client.post(&path("/in-vain")).await,
            What::Order => client.post(&path("/order")).await,
            What::Look => client.get(&path("")).await,
            What::Remove => {
                let was_there = shop.carts.remove(&which).await.unwrap();
                record.hears(&sent, (what, which, [u64::from(was_there), 0]));
                continue;
            }
        };
        let told = match what {
            What::AddInVain => {
                assert_eq!(answer.problem(StatusCode::CONFLICT), "changed my mind");
                [0; 2]
            }
            _ => serde_json::from_value(answer.json()).unwrap(),
        };
        record.hears(&sent, (what, which, told));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_of_keyed_states_are_linearizable_together_and_reads_with_those_of_their_key() {
    for _ in 0..rounds() {
        let shop = Shop {
            carts: SharedMap::new(),
            orders: Shared::new(Orders(1)),
        };
        let app = App::new("Shop", shop.clone()).mount(routes![
            add,
            add_slowly,
            add_in_vain,
            order,
            look
        ]);
        let address = serve(app.into_router().unwrap()).await;
        let record = Recorder::new();
        let visits: Vec<_> = (1..=6)
            .map(|number| tokio::spawn(visit(shop.clone(), address, number, record.clone())))
            .collect();
        for visit in visits {
            visit.await.unwrap();
        }
        is_linearizable::<WholeShop>(record.history(|did| did.0 != What::Look));
        for cart in 0..CARTS {
            is_linearizable::<OneCart>(record.history(|did| did.1 == cart));
        }
    }
}

#[test]
fn a_cart_that_was_removed_and_still_counts_is_found() {
    let told = |what, told| (what, 0, [told, 0]);
    assert_eq!(cart_after(&told(What::Add, 3), Some(2)), Some(Some(3)));
    assert_eq!(cart_after(&told(What::Remove, 1), Some(3)), Some(None));
    assert_eq!(cart_after(&told(What::Remove, 1), None), None);
    assert_eq!(cart_after(&told(What::Look, 3), None), None);
}
