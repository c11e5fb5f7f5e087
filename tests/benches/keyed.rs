//! Keyed states compared with two handwritten ways: all keys under one mutex, or each under its own.
//!
//! ```text
//! cargo bench --package kr-tests --bench keyed
//! ```
//!
//! Each request increments the counter of a key and returns it.

use kr_tests::load::{Comparison, Connection, Request, ServerUnderTest};
use kr_tests::{Program, program_for_benches};
use std::thread;
use std::time::Duration;

const KEYS: usize = 10_000;
/// Enough keys that their memory stands out from that of the server.
const IDLE: usize = 100_000;

fn main() {
    let program = program_for_benches("keyed");
    let stores = [
        ("kr", "kr"),
        ("`Mutex` around a map", "map"),
        ("a map of tokio's `Mutex`es", "locks"),
    ];
    let servers_under_test = stores.map(|(name, store)| {
        let server_under_test = ServerUnderTest::new(name, program.clone());
        server_under_test
            .with("STORE", store)
            .with("RUST_LOG", "error")
    });
    let mut comparison = Comparison::new("keyed", &servers_under_test);
    let servers: Vec<_> = servers_under_test
        .iter()
        .map(ServerUnderTest::start)
        .collect();
    let running: Vec<_> = servers.iter().collect();
    for connections in [1, 32] {
        let name = format!("one hot key, {connections} connections")
            .replace("1 connections", "1 connection");
        comparison.row(&name, &running, |_| requests(1), connections);
        let name = name.replace("one hot key", "10,000 keys");
        comparison.row(&name, &running, |_| requests(KEYS), connections);
    }
    drop(servers);
    if let Some(bytes) = servers_under_test
        .iter()
        .map(bytes_of_a_key)
        .collect::<Option<Vec<_>>>()
    {
        comparison.figures("memory of an unused key", "bytes", &bytes);
    }
    comparison.finish();
}

fn requests(keys: usize) -> Vec<Request> {
    let request = |key| Request::new("POST", &format!("/count/{key}"));
    (0..keys).map(request).collect()
}

/// Resident memory, where the system reports it.
fn bytes_of_a_key(server_under_test: &ServerUnderTest) -> Option<f64> {
    let server = server_under_test.start();
    let mut connection = Connection::connect(server.address);
    let (first, rest) = (IDLE / 10, IDLE - IDLE / 10);
    let requests = requests(IDLE);
    for request in &requests[..first] {
        connection.request(request);
    }
    let before = resident(&server)?;
    for request in &requests[first..] {
        connection.request(request);
    }
    Some((resident(&server)? - before) / rest as f64)
}

fn resident(server: &Program) -> Option<f64> {
    thread::sleep(Duration::from_millis(200));
    server.memory("VmRSS").map(|bytes| bytes as f64)
}
