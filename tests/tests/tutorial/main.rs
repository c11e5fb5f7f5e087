//! The tutorial, started as its README says, and everything that it promises over HTTP.

mod bad_snapshots;
mod contract;
mod handwritten_servers;
mod kestrun_faults;
mod lifecycle;
mod readme;

use kr_tests::{Client, Program, example};

/// The tutorial in a process of its own, and a connection to it.
async fn start() -> (Program, Client) {
    let program = Program::start(&example("snapshots"));
    let client = Client::connect(program.address).await;
    (program, client)
}

/// What `/snapshot/export` gives for the state as it is.
async fn export(client: &mut Client) -> String {
    let exported = client.post("/snapshot/export").await.json();
    exported["snapshot"]
        .as_str()
        .expect("a snapshot")
        .to_owned()
}
