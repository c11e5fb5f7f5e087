//! Two locks, acquired alone and together, named in both orders.

use crate::recorder::{Recorder, assert_linearizable, histories};
use crate::stores::{machines, was_not_kept};
use kr_runtime::prelude::*;
use kr_tests::Client;
use std::net::SocketAddr;
use todc_utils::specifications::Specification;

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "first")]
struct First(u64);

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "second")]
struct Second(u64);

#[derive(Clone, Host)]
struct TwoStates {
    first: Shared<First>,
    second: Shared<Second>,
}

#[kr_route(post, "/first")]
#[locked("first")]
async fn add_first(first: &mut First) -> Json<[u64; 2]> {
    let before = first.0;
    tokio::task::yield_now().await;
    first.0 = before + 1;
    Json([first.0, 0])
}

#[kr_route(post, "/second")]
#[locked("second")]
fn add_second(second: &mut Second) -> Json<[u64; 2]> {
    second.0 += 1;
    Json([0, second.0])
}

/// Stores the sum in the first state and the old value of the first in the second, so that any other order shows.
#[kr_route(post, "/mix")]
#[locked("first", "second")]
async fn mix(first: &mut First, second: &mut Second) -> Json<[u64; 2]> {
    let sum = first.0 + second.0;
    tokio::task::yield_now().await;
    (first.0, second.0) = (sum % MODULUS, first.0);
    Json([first.0, second.0])
}

#[kr_route(post, "/swap")]
#[locked("second", "first")]
fn swap(second: &mut Second, first: &mut First) -> Json<[u64; 2]> {
    std::mem::swap(&mut first.0, &mut second.0);
    Json([first.0, second.0])
}

#[kr_route(get, "/both")]
#[locked("second", "first")]
fn get_both(first: &First, second: &Second) -> Json<[u64; 2]> {
    Json([first.0, second.0])
}

#[kr_route(get, "/first")]
#[locked("first")]
fn get_first(first: &First) -> Json<[u64; 2]> {
    Json([first.0, 0])
}

/// Numbers wrap around here.
const MODULUS: u64 = 1_000_003;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    AddFirst,
    AddSecond,
    Mix,
    Swap,
    GetFirst,
    GetBoth,
}

/// The kind of the request, and the two numbers of the response.
type Operation = (Kind, [u64; 2]);

struct TwoLocks;

impl Specification for TwoLocks {
    type State = [u64; 2];
    type Operation = Operation;

    fn init() -> [u64; 2] {
        [1, 2]
    }

    fn apply((kind, result): &Operation, &[first, second]: &[u64; 2]) -> (bool, [u64; 2]) {
        let (expected, after) = match kind {
            Kind::AddFirst => ([first + 1, 0], [first + 1, second]),
            Kind::AddSecond => ([0, second + 1], [first, second + 1]),
            Kind::Mix => (
                [(first + second) % MODULUS, first],
                [(first + second) % MODULUS, first],
            ),
            Kind::Swap => ([second, first], [second, first]),
            Kind::GetFirst => ([first, 0], [first, second]),
            Kind::GetBoth => ([first, second], [first, second]),
        };
        match expected == *result {
            true => (true, after),
            false => (false, [first, second]),
        }
    }
}

async fn run_client(address: SocketAddr, number: u64, recorder: Recorder<Operation>) {
    let mut client = Client::connect(address).await;
    for round in 0..40 {
        let kind = match (number * 5 + round * 3) % 8 {
            0 | 1 => Kind::AddFirst,
            2 => Kind::AddSecond,
            3 | 4 => Kind::Mix,
            5 => Kind::Swap,
            6 => Kind::GetBoth,
            _ => Kind::GetFirst,
        };
        let call = recorder.call((kind, [0; 2]));
        let response = match kind {
            Kind::AddFirst => client.post("/first").await,
            Kind::AddSecond => client.post("/second").await,
            Kind::Mix => client.post("/mix").await,
            Kind::Swap => client.post("/swap").await,
            Kind::GetFirst => client.get("/first").await,
            Kind::GetBoth => client.get("/both").await,
        };
        if was_not_kept(&response) {
            recorder.remove(&call);
            continue;
        }
        let result = serde_json::from_value(response.json()).unwrap();
        recorder.response(&call, (kind, result));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn updates_and_reads_of_states_under_two_locks_are_linearizable() {
    let app = || {
        let host = TwoStates {
            first: Shared::new(First(1)),
            second: Shared::new(Second(2)),
        };
        App::new("TwoStates", host).mount(routes![
            add_first, add_second, mix, swap, get_first, get_both
        ])
    };
    for seed in 0..histories() {
        for machines in machines(seed, app).await {
            let recorder = Recorder::new();
            let clients: Vec<_> = (1..=6)
                .map(|number| {
                    let address = machines[number % machines.len()].address;
                    tokio::spawn(run_client(address, number as u64, recorder.clone()))
                })
                .collect();
            for run_client in clients {
                run_client.await.unwrap();
            }
            assert_linearizable::<TwoLocks>(recorder.history(|_| true));
        }
    }
}
