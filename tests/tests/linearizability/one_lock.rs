//! Two states under one lock: an update of both takes effect at one moment, for reads of one and of both.

use crate::recorder::{Recorder, assert_linearizable, histories};
use crate::stores::{machines, was_not_kept};
use kr_runtime::prelude::*;
use kr_tests::Client;
use std::net::SocketAddr;
use todc_utils::specifications::Specification;

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "pair")]
struct Left(u64);

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "pair")]
struct Right(u64);

#[derive(Clone, Host)]
struct Two {
    left: Shared<Left>,
    right: Shared<Right>,
}

#[kr_route(post, "/left/{to}")]
#[locked("pair")]
fn set_left(to: u64, left: &mut Left, right: &Right) -> Json<[u64; 2]> {
    left.0 = to;
    Json([left.0, right.0])
}

#[kr_route(post, "/both/{to}")]
#[locked("pair")]
async fn set_both(to: u64, right: &mut Right, left: &mut Left) -> Json<[u64; 2]> {
    let before = [left.0, right.0];
    right.0 = to;
    tokio::task::yield_now().await;
    left.0 = to;
    Json(before)
}

#[kr_route(get, "/left")]
#[locked("pair")]
fn get_left(left: &Left) -> Json<[u64; 2]> {
    Json([left.0, 0])
}

#[kr_route(get, "/right")]
#[locked("pair")]
fn get_right(right: &Right) -> Json<[u64; 2]> {
    Json([0, right.0])
}

#[kr_route(get, "/both")]
#[locked("pair")]
fn get_both(left: &Left, right: &Right) -> Json<[u64; 2]> {
    Json([left.0, right.0])
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    SetLeft(u64),
    SetBoth(u64),
    GetLeft,
    GetRight,
    GetBoth,
}

/// The kind of the request, and the two numbers of the response.
type Operation = (Kind, [u64; 2]);

struct OneLock;

impl Specification for OneLock {
    type State = [u64; 2];
    type Operation = Operation;

    fn init() -> [u64; 2] {
        [0; 2]
    }

    fn apply((kind, result): &Operation, &[left, right]: &[u64; 2]) -> (bool, [u64; 2]) {
        let (expected, after) = match *kind {
            Kind::SetLeft(to) => ([to, right], [to, right]),
            Kind::SetBoth(to) => ([left, right], [to, to]),
            Kind::GetLeft => ([left, 0], [left, right]),
            Kind::GetRight => ([0, right], [left, right]),
            Kind::GetBoth => ([left, right], [left, right]),
        };
        match expected == *result {
            true => (true, after),
            false => (false, [left, right]),
        }
    }
}

async fn run_client(address: SocketAddr, number: u64, recorder: Recorder<Operation>) {
    let mut client = Client::connect(address).await;
    for round in 0..40 {
        let to = number * 1000 + round;
        let kind = match (number * 7 + round * 3) % 8 {
            0 | 1 => Kind::SetLeft(to),
            2 | 3 => Kind::SetBoth(to),
            4 => Kind::GetLeft,
            5 => Kind::GetRight,
            _ => Kind::GetBoth,
        };
        let call = recorder.call((kind, [0; 2]));
        let response = match kind {
            Kind::SetLeft(to) => client.post(&format!("/left/{to}")).await,
            Kind::SetBoth(to) => client.post(&format!("/both/{to}")).await,
            Kind::GetLeft => client.get("/left").await,
            Kind::GetRight => client.get("/right").await,
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
async fn updates_and_reads_of_two_states_under_one_lock_are_linearizable() {
    let app = || {
        let host = Two {
            left: Shared::new(Left(0)),
            right: Shared::new(Right(0)),
        };
        App::new("Two", host).mount(routes![set_left, set_both, get_left, get_right, get_both])
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
            assert_linearizable::<OneLock>(recorder.history(|_| true));
        }
    }
}
