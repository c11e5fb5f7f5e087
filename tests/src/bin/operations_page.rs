//! How long the pages of operations take to be made where there are 10,000 locks in use and 100,000 instances, and how long the
//! slowest request of the service takes meanwhile.
//!
//! ```text
//! cargo run --release -p kr-tests --bin operations_page
//! ```

use kr_runtime::prelude::*;
use kr_runtime::{Operations, SharedMap};
use kr_tests::load::{Connection, Request};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const LOCKS: usize = 10_000;
const INSTANCES: u64 = 100_000;
const ROUNDS: usize = 20;
const TOKEN: &str = "the token of the benchmark";

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart {
    items: Vec<String>,
}

#[derive(Host, Clone)]
struct Shop {
    visits: Shared<Visits>,
    carts: SharedMap<u64, Cart>,
}

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits) -> StatusCode {
    visits.0 += 1;
    StatusCode::OK
}

#[tokio::main]
async fn main() -> kr_runtime::Result<()> {
    let shop = Shop {
        visits: Shared::new(Visits(0)),
        carts: SharedMap::new(),
    };
    let app = App::new("Shop", shop.clone())
        .mount(routes![visit])
        .operations(Operations::at("0").token(TOKEN))
        .endpoint(0);
    let locks = app.locks();
    let mut server = app.build()?;
    server.bind()?;
    let address = server.local_addr().expect("an address");
    let operations = server.operations_addr().expect("an address");
    let stop = server.stop_token();
    let running = tokio::spawn(server.run());
    for id in 0..INSTANCES {
        let change = move |cart: &mut Cart| cart.items.push(format!("item {id}"));
        let changed = shop.carts.update(&id, change).await;
        changed.expect("the memory store keeps it");
    }
    let mut held = Vec::with_capacity(LOCKS);
    for number in 0..LOCKS {
        let lock = locks.lock(&format!("report {number}")).await;
        held.push(lock.expect("a lock that nobody holds"));
    }
    // Not a thread of the runtime: it would have to wait for itself.
    let measured = tokio::task::spawn_blocking(move || measure(address, operations));
    measured.await.expect("the measurement");
    drop(held);
    stop.request();
    running.await.expect("the server")
}

fn measure(address: SocketAddr, operations: SocketAddr) {
    let undisturbed = slowest_while(address, || thread::sleep(Duration::from_secs(2)));
    println!("{LOCKS} locks in use, {INSTANCES} instances");
    println!("a request, undisturbed: {undisturbed}");
    for path in [
        "/",
        "/locks",
        "/locks?q=cart%3A99999",
        "/states",
        "/state?name=Cart",
        "/state?name=Cart&q=99999",
        "/metrics",
        "/api/overview",
        "/api/locks?limit=10000",
    ] {
        let request = Request::bearing(path, TOKEN);
        let mut times = Vec::new();
        let requests = slowest_while(address, || {
            let mut connection = Connection::connect(operations);
            for _ in 0..ROUNDS {
                // An overview is made once in half a second.
                thread::sleep(Duration::from_millis(if path.len() == 1 {
                    500
                } else {
                    20
                }));
                let start = Instant::now();
                connection.request(&request);
                times.push(start.elapsed());
            }
        });
        times.sort();
        println!(
            "{path}: median {:.1?}, slowest {:.1?}; a request meanwhile: {requests}",
            times[times.len() / 2],
            times[times.len() - 1]
        );
    }
}

/// The requests of one client while something else happens.
fn slowest_while(address: SocketAddr, work: impl FnOnce()) -> String {
    let is_over = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&is_over);
    let client = thread::spawn(move || {
        let mut connection = Connection::connect(address);
        let request = Request::new("POST", "/visit");
        let mut times = Vec::new();
        while !over.load(Ordering::Relaxed) {
            let start = Instant::now();
            connection.request(&request);
            times.push(start.elapsed());
        }
        times.sort();
        times
    });
    work();
    is_over.store(true, Ordering::Relaxed);
    let times = client.join().expect("the client");
    let at = |part: f64| times[(times.len() as f64 * part) as usize];
    format!(
        "median {:.0?}, 99 of 100 {:.0?}, slowest {:.1?} of {}",
        at(0.5),
        at(0.99),
        times[times.len() - 1],
        times.len()
    )
}
