//! Requests per second, and processor time per request, of the tutorial and of the same handwritten on axum.
//!
//! ```text
//! cargo bench --package kr-tests --bench requests
//! KR_BENCH_PATIENCE=5 cargo bench --package kr-tests --bench requests -- --write    # longer, into BENCHMARKS.md
//! ```
//!
//! All servers run in separate processes and get the same load in alternating turns. The ratio of kr to each of the others in
//! the same turn counts. Nothing is asserted.

use kr_tests::Program;
use kr_tests::load::{
    Comparison, Connection, Request, ServerUnderTest, fill, grouped, import, kr_uncached,
    servers_under_test,
};

fn main() {
    let servers_under_test = servers_under_test();
    let mut measured = Comparison::new("requests", &servers_under_test);

    let state = |_: &Program| vec![Request::new("GET", "/state")];
    let known = |server: &Program| {
        let tag = Connection::connect(server.address).etag("/state");
        vec![Request::if_none_match("/state", &tag)]
    };
    let visit = |_: &Program| vec![Request::new("POST", "/visit")];
    let mixed = |server: &Program| {
        let mut mixed = vec![Request::new("GET", "/state"); 9];
        mixed.extend(visit(server));
        mixed
    };
    for notes in [0, 1_000] {
        let servers = start(&servers_under_test, notes);
        // A read that builds its response each time, as the handwritten servers do.
        let plain = start(&[kr_uncached()], notes);
        let uncached: Vec<_> = plain.iter().chain(&servers[1..]).collect();
        let servers: Vec<_> = servers.iter().collect();
        let text = grouped(notes as f64);
        for connections in [1, 8, 32, 128] {
            let name = format!("`GET /state`, {text} notes, {}", over(connections));
            measured.row(&name, &uncached, state, connections);
        }
        for connections in [1, 8, 32, 128] {
            let name = format!("`POST /visit`, {text} notes, {}", over(connections));
            measured.row(&name, &servers, visit, connections);
        }
        for connections in [1, 32] {
            let name = format!(
                "`GET /state` read again, {text} notes, {}",
                over(connections)
            );
            measured.row(&name, &servers, state, connections);
            let name = format!("the same with its tag, {text} notes, {}", over(connections));
            measured.row(&name, &servers, known, connections);
        }
        let name = format!("9 × GET, 1 × POST, {text} notes, 32 connections");
        measured.row(&name, &servers, mixed, 32);
    }
    for notes in [1_000, 100_000] {
        let servers = start(&servers_under_test, notes);
        let servers: Vec<_> = servers.iter().collect();
        let text = grouped(notes as f64);
        let export = Request::new("POST", "/snapshot/export");
        for (name, request) in [("export", export), ("import", import(notes))] {
            let name = format!("{name}, {text} notes, 1 connection");
            measured.row(&name, &servers, |_| vec![request.clone()], 1);
        }
    }
    measured.finish();
}

fn over(connections: usize) -> String {
    match connections {
        1 => "1 connection".to_owned(),
        many => format!("{many} connections"),
    }
}

fn start(servers_under_test: &[ServerUnderTest], notes: usize) -> Vec<Program> {
    let servers: Vec<_> = servers_under_test
        .iter()
        .map(ServerUnderTest::start)
        .collect();
    for server in servers.iter().filter(|_| notes > 0) {
        fill(server.address, notes);
    }
    servers
}
