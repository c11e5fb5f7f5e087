//! Requests per second, and processor time per request, of the tutorial beside the same by hand on axum.
//!
//! ```text
//! cargo bench --package kr-tests --bench requests
//! KR_BENCH_PATIENCE=5 cargo bench --package kr-tests --bench requests -- --write    # longer, into BENCHMARKS.md
//! ```
//!
//! All servers run as processes of their own and get the same load in turn; what counts is the ratio of kr to each of the
//! others in the same turn. Nothing is asserted.

use kr_tests::Program;
use kr_tests::load::{Ask, Comparison, Contender, contenders, fill, grouped, import};

fn main() {
    let contenders = contenders();
    let mut measured = Comparison::new("requests", &contenders);

    let state = Ask::new("GET", "/state");
    let visit = Ask::new("POST", "/visit");
    let export = Ask::new("POST", "/snapshot/export");
    let mut mixed = vec![state.clone(); 9];
    mixed.push(visit.clone());
    for notes in [0, 1_000] {
        let servers = start(&contenders, notes);
        let text = grouped(notes as f64);
        for (name, asks) in [
            ("`GET /state`", std::slice::from_ref(&state)),
            ("`POST /visit`", std::slice::from_ref(&visit)),
        ] {
            for connections in [1, 8, 32, 128] {
                let name = format!("{name}, {text} notes, {connections} connections")
                    .replace(", 1 connections", ", 1 connection");
                measured.row(&name, &servers, asks, connections);
            }
        }
        let name = format!("9 × GET, 1 × POST, {text} notes, 32 connections");
        measured.row(&name, &servers, &mixed, 32);
    }
    for notes in [1_000, 100_000] {
        let servers = start(&contenders, notes);
        let text = grouped(notes as f64);
        for (name, ask) in [("export", export.clone()), ("import", import(notes))] {
            let name = format!("{name}, {text} notes, 1 connection");
            measured.row(&name, &servers, &[ask], 1);
        }
    }
    measured.finish();
}

fn start(contenders: &[Contender], notes: usize) -> Vec<Program> {
    let servers: Vec<_> = contenders.iter().map(Contender::start).collect();
    for server in servers.iter().filter(|_| notes > 0) {
        fill(server.address, notes);
    }
    servers
}
