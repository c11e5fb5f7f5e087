//! The tutorial, started as its README says: its whole HTTP contract, its life cycle, and the READMEs themselves.

mod bad_snapshots;
mod contract;
mod handwritten_servers;
mod kestrun_faults;
mod lifecycle;
mod readme;

use kr_tests::{Client, Program, example};

/// Starts the tutorial in a separate process, and connects to it.
async fn start() -> (Program, Client) {
    let program = Program::start(&example("snapshots"));
    let client = Client::connect(program.address).await;
    (program, client)
}

/// The snapshot of the current state, from `/snapshot/export`.
async fn export(client: &mut Client) -> String {
    let exported = client.post("/snapshot/export").await.json();
    exported["snapshot"]
        .as_str()
        .expect("a snapshot")
        .to_owned()
}
