//! States by key beside the two ways to do it by hand: all of them under one mutex, or each under its own.
//!
//! ```text
//! cargo bench --package kr-tests --bench keyed
//! ```
//!
//! What is asked for is the same in all: count one up for a key, and answer with the count.

use kr_tests::load::{Ask, Comparison, Contender, Wire};
use kr_tests::{Program, program_for_benches};
use std::thread;
use std::time::Duration;

const KEYS: usize = 10_000;
/// So many that what the keys take stands out from what the server takes.
const IDLE: usize = 100_000;

fn main() {
    let program = program_for_benches("keyed");
    let ways = [
        ("kr", "kr"),
        ("`Mutex` around a map", "map"),
        ("a map of tokio's `Mutex`es", "locks"),
    ];
    let contenders = ways.map(|(name, store)| {
        let contender = Contender::new(name, program.clone());
        contender.with("STORE", store).with("RUST_LOG", "error")
    });
    let mut comparison = Comparison::new("keyed", &contenders);
    let servers: Vec<_> = contenders.iter().map(Contender::start).collect();
    let running: Vec<_> = servers.iter().collect();
    for connections in [1, 32] {
        let name = format!("one hot key, {connections} connections")
            .replace("1 connections", "1 connection");
        comparison.row(&name, &running, |_| asks(1), connections);
        let name = name.replace("one hot key", "10,000 keys");
        comparison.row(&name, &running, |_| asks(KEYS), connections);
    }
    drop(servers);
    if let Some(bytes) = contenders
        .iter()
        .map(bytes_of_a_key)
        .collect::<Option<Vec<_>>>()
    {
        comparison.figures("memory of a key that nobody uses just now", "bytes", &bytes);
    }
    comparison.finish();
}

fn asks(keys: usize) -> Vec<Ask> {
    let ask = |key| Ask::new("POST", &format!("/count/{key}"));
    (0..keys).map(ask).collect()
}

/// Resident memory, where the system tells.
fn bytes_of_a_key(contender: &Contender) -> Option<f64> {
    let server = contender.start();
    let mut wire = Wire::connect(server.address);
    let (first, rest) = (IDLE / 10, IDLE - IDLE / 10);
    let asks = asks(IDLE);
    for ask in &asks[..first] {
        wire.ask(ask);
    }
    let before = resident(&server)?;
    for ask in &asks[first..] {
        wire.ask(ask);
    }
    Some((resident(&server)? - before) / rest as f64)
}

fn resident(server: &Program) -> Option<f64> {
    thread::sleep(Duration::from_millis(200));
    server.memory("VmRSS").map(|bytes| bytes as f64)
}
