//! Requests per second, and processor time per request, of the tutorial beside the same thing by hand on axum.
//!
//! ```text
//! cargo bench --package kr-tests --bench requests
//! ```
//!
//! Both servers run as processes of their own, and get the same load in turn; what counts is the ratio of each pair of
//! rounds. Nothing is asserted.

use kr_tests::{Client, Program, example_for_benches};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 32;
const ROUND: Duration = Duration::from_secs(2);
const ROUNDS: usize = 7;

/// What a round measured.
struct Round {
    per_second: f64,
    /// Microseconds of the server's processor time.
    processor: f64,
}

#[tokio::main]
async fn main() {
    let kr = Program::start(&example_for_benches("snapshots"));
    let twin = Program::start(env!("CARGO_BIN_EXE_twin").as_ref());
    println!(
        "{CONNECTIONS} connections, {ROUNDS} rounds of {ROUND:?} each, in turn; median [least, most]"
    );
    for (verb, path) in [("GET", "/state"), ("POST", "/visit")] {
        round(&kr, verb, path).await;
        round(&twin, verb, path).await;
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            rounds.push((round(&kr, verb, path).await, round(&twin, verb, path).await));
        }
        println!("{verb} {path}");
        println!(
            "  requests/s  kr   {}",
            spread(rounds.iter().map(|(kr, _)| kr.per_second))
        );
        println!(
            "  requests/s  hand {}",
            spread(rounds.iter().map(|(_, hand)| hand.per_second))
        );
        println!(
            "  requests/s  kr / hand {}",
            spread(
                rounds
                    .iter()
                    .map(|(kr, hand)| kr.per_second / hand.per_second)
            )
        );
        println!(
            "  processor time per request  kr / hand {}  (kr {} µs)",
            spread(
                rounds
                    .iter()
                    .map(|(kr, hand)| kr.processor / hand.processor)
            ),
            spread(rounds.iter().map(|(kr, _)| kr.processor)),
        );
    }
}

async fn round(server: &Program, verb: &'static str, path: &'static str) -> Round {
    let before = server.processor_seconds();
    let started = Instant::now();
    let requests = load(server.address, verb, path).await as f64;
    let seconds = started.elapsed().as_secs_f64();
    let used = server.processor_seconds().zip(before);
    let used = used.map_or(f64::NAN, |(after, before)| after - before);
    Round {
        per_second: requests / seconds,
        processor: used / requests * 1e6,
    }
}

async fn load(address: SocketAddr, verb: &'static str, path: &'static str) -> u64 {
    let stop = Arc::new(AtomicBool::new(false));
    let count = Arc::new(AtomicU64::new(0));
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        let (stop, count) = (Arc::clone(&stop), Arc::clone(&count));
        clients.push(tokio::spawn(async move {
            let mut client = Client::connect(address).await;
            while !stop.load(Ordering::Relaxed) {
                let answer = match verb {
                    "GET" => client.get(path).await,
                    _ => client.post(path).await,
                };
                assert!(answer.status.is_success(), "{}", answer.text());
                count.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }
    tokio::time::sleep(ROUND).await;
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.expect("a client");
    }
    count.load(Ordering::Relaxed)
}

/// `median [least, most]`
fn spread(figures: impl Iterator<Item = f64>) -> String {
    let mut figures: Vec<_> = figures.collect();
    figures.sort_by(f64::total_cmp);
    let (least, most) = (figures[0], figures[figures.len() - 1]);
    let median = figures[figures.len() / 2];
    let digits = if median > 1000.0 { 0 } else { 3 };
    format!("{median:.digits$} [{least:.digits$}, {most:.digits$}]")
}
