//! Requests that are sent again with the same `Idempotency-Key`, over real sockets: after a client gave up at any moment,
//! after a panic, an error, a deadline, or a commit that the store did not keep, and beside one another.
//!
//! Each order has a key. The invariants:
//! - The change of an order is made at most once, however often it was requested, and exactly once if any request for it was
//!   acknowledged.
//! - All acknowledgements of an order are the same bytes, and at most one of them does not say that it is repeated.
//! - The counter under the second lock counts the orders that were made, and the store has kept as many.

use crate::app::{CLIENTS, panic_quietly};
use crate::config::{Config, Rng, StoreKind, run_alone};
use http::StatusCode;
use kr_runtime::SharedMap;
use kr_runtime::axum::http::HeaderMap;
use kr_runtime::prelude::*;
use kr_tests::{Client, Response, serve};
use std::net::SocketAddr;
use std::ops::AddAssign;
use std::time::Duration;
use tokio::time::{sleep, timeout};

#[derive(Debug, Clone, Default, SharedState)]
#[shared_state(lock = "order:{number}")]
struct Order {
    /// How often the change was made.
    made: u64,
}

/// How many orders were made, all together.
#[derive(Debug, Clone, Default, SharedState)]
#[shared_state(lock = "total")]
struct Total(u64);

#[derive(Clone, Host)]
struct Shop {
    orders: SharedMap<u64, Order>,
    total: Shared<Total>,
}

/// What goes wrong with a request. It is in a header, because a request with the same key has the same path and body.
const TROUBLES: [&str; 16] = [
    "none", "none", "none", "none", "none", "none", "slow", "slow", "slow", "slow", "fails",
    "fails", "fails", "panics", "panics", "hangs",
];

fn trouble(headers: &HeaderMap) -> &str {
    let header = headers.get("x-trouble");
    header
        .and_then(|value| value.to_str().ok())
        .unwrap_or("none")
}

/// Changes an order and the total, in this order, and lets other tasks run between the two.
#[kr_route(post, "/order/{number}", idempotent)]
#[locked("order:{number}", "total", hold_timeout = "2ms")]
async fn order(
    number: u64,
    headers: HeaderMap,
    order: &mut Order,
    total: &mut Total,
) -> Result<(StatusCode, Json<[u64; 2]>), Problem> {
    order.made += 1;
    match trouble(&headers) {
        "slow" => sleep(Duration::from_micros(100)).await,
        _ => tokio::task::yield_now().await,
    }
    total.0 += 1;
    match trouble(&headers) {
        "fails" => Err(Problem::new(StatusCode::FORBIDDEN, "half done")),
        "panics" => panic_quietly(),
        "hangs" => std::future::pending().await,
        _ => Ok((StatusCode::CREATED, Json([number, total.0]))),
    }
}

/// The same in a function that is not async, and with a wait that is soon over.
#[kr_route(post, "/order/{number}/quick", idempotent)]
#[locked("order:{number}", "total", timeout = "1ms")]
fn order_quickly(
    number: u64,
    headers: HeaderMap,
    order: &mut Order,
    total: &mut Total,
) -> Result<(StatusCode, Json<[u64; 2]>), Problem> {
    order.made += 1;
    total.0 += 1;
    match trouble(&headers) {
        "fails" => Err(Problem::new(StatusCode::FORBIDDEN, "half done")),
        "panics" => panic_quietly(),
        _ => Ok((StatusCode::CREATED, Json([number, total.0]))),
    }
}

/// A client that sends its orders until they are acknowledged, or gives up.
struct Buyer {
    rng: Rng,
    address: SocketAddr,
    /// Some requests are sent on both at once.
    connections: [Client; 2],
    /// The numbers of its orders, and what was acknowledged.
    orders: Vec<(u64, Option<Vec<u8>>)>,
    counts: Counts,
}

/// How many of its requests were sent, and what became of them.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    requests: usize,
    first: usize,
    replayed: usize,
    running: usize,
    failed: usize,
    panicked: usize,
    timed_out_or_not_kept: usize,
    cancelled: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.first += other.first;
        self.replayed += other.replayed;
        self.running += other.running;
        self.failed += other.failed;
        self.panicked += other.panicked;
        self.timed_out_or_not_kept += other.timed_out_or_not_kept;
        self.cancelled += other.cancelled;
    }
}

impl Buyer {
    /// Requests an order again and again.
    async fn buy(&mut self, number: u64) {
        let path = match self.rng.one_in(3) {
            true => format!("/order/{number}/quick"),
            false => format!("/order/{number}"),
        };
        let mut acknowledged: Option<Vec<u8>> = None;
        let mut first_responses = 0;
        // Some are asked for again although they were acknowledged, and some are given up.
        loop {
            let at_once = 1 + usize::from(self.rng.one_in(4));
            let responses = self.send(&path, number, at_once).await;
            for response in responses.into_iter().flatten() {
                let Some((body, is_replayed)) = self.acknowledgement(&response) else {
                    continue;
                };
                first_responses += u64::from(!is_replayed);
                let known = acknowledged.get_or_insert_with(|| body.clone());
                assert_eq!(*known, body, "{path} has two responses");
            }
            assert!(first_responses <= 1, "{path} was made again");
            let patience = if acknowledged.is_some() { 2 } else { 12 };
            if self.rng.one_in(patience) {
                break;
            }
        }
        self.orders.push((number, acknowledged));
    }

    /// Sends so many requests for an order at once. `None` for those whose client did not wait.
    async fn send(&mut self, path: &str, number: u64, at_once: usize) -> Vec<Option<Response>> {
        let key = format!("\"order-{number}\"");
        let (rng, address) = (&mut self.rng, self.address);
        let requests = self.connections.iter_mut().take(at_once).map(|connection| {
            let trouble = TROUBLES[rng.below(TROUBLES.len() as u64) as usize];
            let limit = match rng.one_in(4) {
                true => Duration::from_micros(rng.below(4000)),
                false => Duration::from_secs(60),
            };
            let key = &key;
            async move {
                let headers = [("idempotency-key", &**key), ("x-trouble", trouble)];
                let request = connection.send_with(http::Method::POST, path, &headers, "");
                let response = timeout(limit, request).await.ok();
                if response.is_none() {
                    assert!(limit < Duration::from_secs(60), "{path}: no response");
                    *connection = Client::connect(address).await;
                }
                response
            }
        });
        let responses = futures_util::future::join_all(requests).await;
        self.counts.requests += at_once;
        self.counts.cancelled += responses.iter().filter(|one| one.is_none()).count();
        responses
    }

    /// The body of a response that says that the order was made, and whether the response is a repeated one.
    fn acknowledgement(&mut self, response: &Response) -> Option<(Vec<u8>, bool)> {
        let counts = &mut self.counts;
        match response.status {
            StatusCode::CREATED => {
                let is_replayed = response.headers.contains_key("idempotent-replayed");
                *match is_replayed {
                    true => &mut counts.replayed,
                    false => &mut counts.first,
                } += 1;
                return Some((response.body.to_vec(), is_replayed));
            }
            StatusCode::CONFLICT => {
                assert!(response.headers.contains_key("retry-after"));
                counts.running += 1;
            }
            StatusCode::FORBIDDEN => counts.failed += 1,
            StatusCode::INTERNAL_SERVER_ERROR => counts.panicked += 1,
            StatusCode::SERVICE_UNAVAILABLE => counts.timed_out_or_not_kept += 1,
            status => panic!("{status}: {}", response.text()),
        }
        None
    }
}

/// Waits until all requests have ended: a client that disconnected does not see the end of its request.
async fn wait_until_idle(shop: &Shop) {
    let mut quiet = (0, 0);
    while quiet.1 < 5 {
        sleep(Duration::from_millis(20)).await;
        let locks = shop.locks();
        let is_idle = locks
            .iter()
            .all(|lock| lock.holder.is_none() && lock.waiting == 0);
        let total = shop.latest::<Total>().unwrap().0;
        quiet = match is_idle && total == quiet.0 {
            true => (total, quiet.1 + 1),
            false => (total, 0),
        };
    }
}

async fn run(config: Config) {
    let shop = Shop {
        orders: SharedMap::new(),
        total: Shared::new(Total(0)),
    };
    let (store, kept) = config.store();
    let app = App::new("Shop", shop.clone())
        .mount(routes![order, order_quickly])
        .lock_timeout(Duration::from_secs(40))
        .store(store);
    let address = serve(app.into_router().unwrap()).await;
    let each = config.requests.div_ceil(CLIENTS);
    let mut buyers = Vec::new();
    for client in 0..CLIENTS {
        let mut buyer = Buyer {
            rng: Rng::new(config.seed, client),
            address,
            connections: [
                Client::connect(address).await,
                Client::connect(address).await,
            ],
            orders: Vec::new(),
            counts: Counts::default(),
        };
        buyers.push(tokio::spawn(async move {
            for number in (client as u64..).step_by(CLIENTS) {
                if buyer.counts.requests >= each {
                    break;
                }
                buyer.buy(number).await;
            }
            buyer
        }));
    }
    let buyers = futures_util::future::join_all(buyers).await;
    wait_until_idle(&shop).await;

    let (mut made, mut acknowledged, mut orders) = (0, 0, 0);
    let mut counts = Counts::default();
    for buyer in buyers {
        let buyer = buyer.unwrap();
        counts += buyer.counts;
        for (number, acknowledgement) in buyer.orders {
            let order = shop.orders.latest(&number).unwrap().made;
            assert!(order <= 1, "order {number} was made {order} times");
            assert!(
                order == 1 || acknowledgement.is_none(),
                "order {number} was acknowledged, and not made"
            );
            orders += 1;
            made += order;
            acknowledged += u64::from(acknowledgement.is_some());
        }
    }
    println!("{counts:?}");
    println!("{orders} orders, {made} made, {acknowledged} acknowledged");
    assert_eq!(shop.latest::<Total>().unwrap().0, made, "a torn commit");
    if let Some(kept) = kept {
        println!("kept and not kept: {:?}", kept.of("total"));
        assert_eq!(kept.of("total").0, made);
    }
    // Everything has happened that is tested here.
    let happened = [
        counts.replayed,
        counts.running,
        counts.failed,
        counts.panicked,
    ];
    assert!(happened.iter().all(|count| *count > 0), "{counts:?}");
}

#[test]
fn repeated_requests_are_made_once() {
    run_alone(run, Config::from_env(10_000, StoreKind::Memory));
}

#[test]
fn repeated_requests_are_made_once_although_the_store_is_unreliable() {
    run_alone(run, Config::from_env(10_000, StoreKind::Unreliable));
}
