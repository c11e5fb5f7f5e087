//! One state: appends to a list, by a sync and an async handler, and reads. Some clients disconnect.

use crate::recorder::{CallId, Recorder, assert_linearizable, histories};
use crate::stores::{machines, was_not_kept};
use kr_runtime::prelude::*;
use kr_tests::Client;
use std::net::SocketAddr;
use std::time::Duration;
use todc_utils::specifications::Specification;
use tokio::time::{sleep, timeout};

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "list")]
struct List(Vec<u64>);

#[derive(Clone, Host)]
struct OneList {
    list: Shared<List>,
}

#[kr_route(post, "/append/{id}")]
#[locked("list")]
fn append(id: u64, list: &mut List) -> Json<usize> {
    list.0.push(id);
    Json(list.0.len())
}

#[kr_route(post, "/append-slowly/{id}")]
#[locked("list")]
async fn append_slowly(id: u64, list: &mut List) -> Json<usize> {
    list.0.push(id);
    tokio::task::yield_now().await;
    Json(list.0.len())
}

/// Appends and rolls back.
#[kr_route(post, "/append-rolled-back/{id}")]
#[locked("list")]
async fn append_rolled_back(id: u64, list: &mut List) -> Result<Json<usize>, Problem> {
    list.0.push(id);
    tokio::task::yield_now().await;
    Err(Problem::conflict("changed my mind"))
}

#[kr_route(get, "/list")]
#[locked("list")]
fn read(list: &List) -> Json<Vec<u64>> {
    Json(list.0.clone())
}

/// A request and what its response says.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    /// `length` is that of the list after the append, or `None` without a response.
    Appended {
        id: u64,
        length: Option<usize>,
    },
    Read(Vec<u64>),
}

/// The specification: what the handlers do one at a time.
pub(crate) struct OneState;

impl Specification for OneState {
    type State = Vec<u64>;
    type Operation = Operation;

    fn init() -> Vec<u64> {
        Vec::new()
    }

    fn apply(operation: &Operation, list: &Vec<u64>) -> (bool, Vec<u64>) {
        match operation {
            Operation::Appended { id, length } => {
                let mut after = list.clone();
                after.push(*id);
                match length.is_none_or(|length| length == after.len()) {
                    true => (true, after),
                    false => (false, list.clone()),
                }
            }
            Operation::Read(read) => (read == list, list.clone()),
        }
    }
}

/// Sends a client's requests. Returns the appends with an unknown outcome: the client disconnected.
async fn run_client(
    address: SocketAddr,
    number: u64,
    recorder: Recorder<Operation>,
) -> Vec<(u64, CallId)> {
    let mut client = Client::connect(address).await;
    let mut unknown = Vec::new();
    for round in 0..24 {
        let id = number * 100 + round;
        if (round + number).is_multiple_of(4) {
            let call = recorder.call(Operation::Read(Vec::new()));
            let list = client.get("/list").await.json();
            let list = serde_json::from_value(list).unwrap();
            recorder.response(&call, Operation::Read(list));
            continue;
        }
        let paths = [
            "/append",
            "/append-slowly",
            "/append-slowly",
            "/append-rolled-back",
        ];
        let path = format!("{}/{id}", paths[(id % 7 % 4) as usize]);
        let call = recorder.call(Operation::Appended { id, length: None });
        // Often long enough for the request to arrive and too short for the response.
        let client_timeout = match (round + number) % 6 {
            1 => Duration::from_micros(50 * (id % 20)),
            _ => Duration::from_secs(60),
        };
        match timeout(client_timeout, client.post(&path)).await {
            Ok(response) if response.status == StatusCode::OK => {
                let length = response.json().as_u64().map(|length| length as usize);
                recorder.response(&call, Operation::Appended { id, length });
            }
            Ok(response) if was_not_kept(&response) => recorder.remove(&call),
            Ok(response) => {
                assert_eq!(response.problem(StatusCode::CONFLICT), "changed my mind");
                recorder.remove(&call);
            }
            Err(_) => {
                client = Client::connect(address).await;
                unknown.push((id, call));
            }
        }
    }
    unknown
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn appends_and_reads_of_one_state_are_linearizable() {
    let app = || {
        let host = OneList {
            list: Shared::new(List::default()),
        };
        App::new("List", host).mount(routes![append, append_slowly, append_rolled_back, read])
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
            let mut unknown = Vec::new();
            for run_client in clients {
                unknown.extend(run_client.await.unwrap());
            }
            // A client that disconnected does not see the end of its request. Once the lock has been free for a while, all have ended.
            for _ in 0..3 {
                sleep(Duration::from_millis(20)).await;
                // When this is durable, everything before it is durable or dropped.
                while machines[0].host.update(|_: &mut List| ()).await.is_err() {}
            }
            let last = machines[0].host.read::<List>().await.unwrap();
            for (id, call) in unknown {
                match last.0.contains(&id) {
                    true => recorder.response(&call, Operation::Appended { id, length: None }),
                    false => recorder.remove(&call),
                }
            }
            let call = recorder.call(Operation::Read(Vec::new()));
            recorder.response(&call, Operation::Read(last.0.clone()));
            assert_linearizable::<OneState>(recorder.history(|_| true));
        }
    }
}
