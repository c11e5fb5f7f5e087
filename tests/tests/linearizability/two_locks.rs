//! Two locks, taken alone and together, in both orders.

use crate::recorder::{Recorder, is_linearizable, rounds};
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use std::net::SocketAddr;
use todc_utils::specifications::Specification;

#[derive(Clone, SharedState)]
#[shared_state(lock = "here")]
struct Here(u64);

#[derive(Clone, SharedState)]
#[shared_state(lock = "there")]
struct There(u64);

#[derive(Clone, Host)]
struct Places {
    here: Shared<Here>,
    there: Shared<There>,
}

#[kr_route(post, "/here")]
#[locked("here")]
async fn add_here(here: &mut Here) -> Json<[u64; 2]> {
    let before = here.0;
    tokio::task::yield_now().await;
    here.0 = before + 1;
    Json([here.0, 0])
}

#[kr_route(post, "/there")]
#[locked("there")]
fn add_there(there: &mut There) -> Json<[u64; 2]> {
    there.0 += 1;
    Json([0, there.0])
}

/// Puts the sum in one place and what was there into the other, which gives away any other order.
#[kr_route(post, "/mix")]
#[locked("here", "there")]
async fn mix(here: &mut Here, there: &mut There) -> Json<[u64; 2]> {
    let sum = here.0 + there.0;
    tokio::task::yield_now().await;
    (here.0, there.0) = (sum % MOST, here.0);
    Json([here.0, there.0])
}

#[kr_route(post, "/swap")]
#[locked("there", "here")]
fn swap(there: &mut There, here: &mut Here) -> Json<[u64; 2]> {
    std::mem::swap(&mut here.0, &mut there.0);
    Json([here.0, there.0])
}

#[kr_route(get, "/here")]
#[locked("here")]
fn get_here(here: &Here) -> Json<[u64; 2]> {
    Json([here.0, 0])
}

/// Numbers start over there.
const MOST: u64 = 1_000_003;

#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    AddHere,
    AddThere,
    Mix,
    Swap,
    GetHere,
}

/// What was asked, and the two numbers of the answer.
type Did = (What, [u64; 2]);

struct TwoLocks;

impl Specification for TwoLocks {
    type State = [u64; 2];
    type Operation = Did;

    fn init() -> [u64; 2] {
        [1, 2]
    }

    fn apply((what, told): &Did, &[here, there]: &[u64; 2]) -> (bool, [u64; 2]) {
        let (answer, after) = match what {
            What::AddHere => ([here + 1, 0], [here + 1, there]),
            What::AddThere => ([0, there + 1], [here, there + 1]),
            What::Mix => ([(here + there) % MOST, here], [(here + there) % MOST, here]),
            What::Swap => ([there, here], [there, here]),
            What::GetHere => ([here, 0], [here, there]),
        };
        match answer == *told {
            true => (true, after),
            false => (false, [here, there]),
        }
    }
}

/// One of the locks by itself: what others than its own requests put there is taken as a write of what they say.
struct HereAlone;

impl Specification for HereAlone {
    type State = u64;
    type Operation = Did;

    fn init() -> u64 {
        1
    }

    fn apply((what, [told, _]): &Did, &here: &u64) -> (bool, u64) {
        match what {
            What::AddHere if *told == here + 1 => (true, *told),
            What::GetHere if *told == here => (true, here),
            What::Mix | What::Swap => (true, *told),
            _ => (false, here),
        }
    }
}

async fn visit(address: SocketAddr, number: u64, record: Recorder<Did>) {
    let mut client = Client::connect(address).await;
    for round in 0..40 {
        let what = match (number * 5 + round * 3) % 8 {
            0 | 1 => What::AddHere,
            2 => What::AddThere,
            3 | 4 => What::Mix,
            5 => What::Swap,
            _ => What::GetHere,
        };
        let sent = record.sends((what, [0; 2]));
        let answer = match what {
            What::AddHere => client.post("/here").await,
            What::AddThere => client.post("/there").await,
            What::Mix => client.post("/mix").await,
            What::Swap => client.post("/swap").await,
            What::GetHere => client.get("/here").await,
        };
        let told = serde_json::from_value(answer.json()).unwrap();
        record.hears(&sent, (what, told));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_under_two_locks_are_linearizable_together_and_reads_with_those_of_their_lock() {
    for _ in 0..rounds() {
        let host = Places {
            here: Shared::new(Here(1)),
            there: Shared::new(There(2)),
        };
        let app = App::new("Places", host).mount(routes![add_here, add_there, mix, swap, get_here]);
        let address = serve(app.into_router().unwrap()).await;
        let record = Recorder::new();
        let visits: Vec<_> = (1..=6)
            .map(|number| tokio::spawn(visit(address, number, record.clone())))
            .collect();
        for visit in visits {
            visit.await.unwrap();
        }
        is_linearizable::<TwoLocks>(record.history(|did| did.0 != What::GetHere));
        is_linearizable::<HereAlone>(record.history(|did| did.0 != What::AddThere));
    }
}
