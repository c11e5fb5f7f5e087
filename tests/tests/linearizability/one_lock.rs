//! Two states under one lock: what changes both changes them at one moment, for whoever reads one or both.

use crate::recorder::{Recorder, is_linearizable, rounds};
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use std::net::SocketAddr;
use todc_utils::specifications::Specification;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "pair")]
struct Left(u64);

#[derive(Clone, Default, SharedState)]
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
enum What {
    SetLeft(u64),
    SetBoth(u64),
    GetLeft,
    GetRight,
    GetBoth,
}

/// What was asked, and the two numbers of the answer.
type Did = (What, [u64; 2]);

struct OneLock;

impl Specification for OneLock {
    type State = [u64; 2];
    type Operation = Did;

    fn init() -> [u64; 2] {
        [0; 2]
    }

    fn apply((what, told): &Did, &[left, right]: &[u64; 2]) -> (bool, [u64; 2]) {
        let (answer, after) = match *what {
            What::SetLeft(to) => ([to, right], [to, right]),
            What::SetBoth(to) => ([left, right], [to, to]),
            What::GetLeft => ([left, 0], [left, right]),
            What::GetRight => ([0, right], [left, right]),
            What::GetBoth => ([left, right], [left, right]),
        };
        match answer == *told {
            true => (true, after),
            false => (false, [left, right]),
        }
    }
}

async fn visit(address: SocketAddr, number: u64, record: Recorder<Did>) {
    let mut client = Client::connect(address).await;
    for round in 0..40 {
        let to = number * 1000 + round;
        let what = match (number * 7 + round * 3) % 8 {
            0 | 1 => What::SetLeft(to),
            2 | 3 => What::SetBoth(to),
            4 => What::GetLeft,
            5 => What::GetRight,
            _ => What::GetBoth,
        };
        let sent = record.sends((what, [0; 2]));
        let answer = match what {
            What::SetLeft(to) => client.post(&format!("/left/{to}")).await,
            What::SetBoth(to) => client.post(&format!("/both/{to}")).await,
            What::GetLeft => client.get("/left").await,
            What::GetRight => client.get("/right").await,
            What::GetBoth => client.get("/both").await,
        };
        let told = serde_json::from_value(answer.json()).unwrap();
        record.hears(&sent, (what, told));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_and_reads_of_two_states_under_one_lock_are_linearizable() {
    for _ in 0..rounds() {
        let host = Two {
            left: Shared::new(Left(0)),
            right: Shared::new(Right(0)),
        };
        let app =
            App::new("Two", host).mount(routes![set_left, set_both, get_left, get_right, get_both]);
        let address = serve(app.into_router().unwrap()).await;
        let record = Recorder::new();
        let visits: Vec<_> = (1..=6)
            .map(|number| tokio::spawn(visit(address, number, record.clone())))
            .collect();
        for visit in visits {
            visit.await.unwrap();
        }
        is_linearizable::<OneLock>(record.history(|_| true));
    }
}
