//! One state: appends to a list, by a plain and by an async handler, and reads; some clients hang up.

use crate::recorder::{Recorder, Sent, is_linearizable, rounds};
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use std::net::SocketAddr;
use std::time::Duration;
use todc_utils::specifications::Specification;
use tokio::time::{sleep, timeout};

#[derive(Clone, Default, SharedState)]
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

/// Appends and takes it back.
#[kr_route(post, "/append-in-vain/{id}")]
#[locked("list")]
async fn append_in_vain(id: u64, list: &mut List) -> Result<Json<usize>, Problem> {
    list.0.push(id);
    tokio::task::yield_now().await;
    Err(Problem::conflict("changed my mind"))
}

#[kr_route(get, "/list")]
#[locked("list")]
fn read(list: &List) -> Json<Vec<u64>> {
    Json(list.0.clone())
}

/// What a request did, as its client was told.
#[derive(Debug, Clone)]
pub(crate) enum Did {
    /// The length is that of the list afterwards. Who was not told it gives none.
    Appended {
        id: u64,
        length: Option<usize>,
    },
    Read(Vec<u64>),
}

/// What the handlers do, one at a time.
pub(crate) struct OneState;

impl Specification for OneState {
    type State = Vec<u64>;
    type Operation = Did;

    fn init() -> Vec<u64> {
        Vec::new()
    }

    fn apply(did: &Did, list: &Vec<u64>) -> (bool, Vec<u64>) {
        match did {
            Did::Appended { id, length } => {
                let mut after = list.clone();
                after.push(*id);
                match length.is_none_or(|length| length == after.len()) {
                    true => (true, after),
                    false => (false, list.clone()),
                }
            }
            Did::Read(read) => (read == list, list.clone()),
        }
    }
}

/// A client's requests. Returns the appends that it hung up on.
async fn visit(address: SocketAddr, number: u64, record: Recorder<Did>) -> Vec<(u64, Sent)> {
    let mut client = Client::connect(address).await;
    let mut unheard = Vec::new();
    for round in 0..24 {
        let id = number * 100 + round;
        if (round + number).is_multiple_of(4) {
            let sent = record.sends(Did::Read(Vec::new()));
            let list = client.get("/list").await.json();
            let list = serde_json::from_value(list).unwrap();
            record.hears(&sent, Did::Read(list));
            continue;
        }
        let paths = [
            "/append",
            "/append-slowly",
            "/append-slowly",
            "/append-in-vain",
        ];
        let path = format!("{}/{id}", paths[(id % 7 % 4) as usize]);
        let sent = record.sends(Did::Appended { id, length: None });
        // Long enough for the request to arrive, and too short for the answer, as it happens.
        let patience = match (round + number) % 6 {
            1 => Duration::from_micros(50 * (id % 20)),
            _ => Duration::from_secs(60),
        };
        match timeout(patience, client.post(&path)).await {
            Ok(answer) if answer.status == StatusCode::OK => {
                let length = answer.json().as_u64().map(|length| length as usize);
                record.hears(&sent, Did::Appended { id, length });
            }
            Ok(answer) => {
                assert_eq!(answer.problem(StatusCode::CONFLICT), "changed my mind");
                record.never_was(&sent);
            }
            Err(_) => {
                client = Client::connect(address).await;
                unheard.push((id, sent));
            }
        }
    }
    unheard
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn appends_and_reads_of_one_state_are_linearizable() {
    for _ in 0..rounds() {
        let host = OneList {
            list: Shared::new(List::default()),
        };
        let app = App::new("List", host.clone()).mount(routes![
            append,
            append_slowly,
            append_in_vain,
            read
        ]);
        let address = serve(app.into_router().unwrap()).await;
        let record = Recorder::new();
        let visits: Vec<_> = (1..=6)
            .map(|number| tokio::spawn(visit(address, number, record.clone())))
            .collect();
        let mut unheard = Vec::new();
        for visit in visits {
            unheard.extend(visit.await.unwrap());
        }
        // Who hung up is not told when its request ends: nothing goes on once the lock has been free for a while.
        for _ in 0..3 {
            sleep(Duration::from_millis(20)).await;
            drop(host.update(|_: &mut List| ()).await);
        }
        let last = host.read::<List>();
        for (id, sent) in unheard {
            match last.0.contains(&id) {
                true => record.hears(&sent, Did::Appended { id, length: None }),
                false => record.never_was(&sent),
            }
        }
        let sent = record.sends(Did::Read(Vec::new()));
        record.hears(&sent, Did::Read(last.0.clone()));
        is_linearizable::<OneState>(record.history(|_| true));
    }
}
