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
use kr_tests::load::{
    Ask, Contender, Round, Spread, Table, Traffic, Wire, asked_for, contenders, fill, grouped,
    import, patience, plain,
};
use std::time::Duration;

/// How long each server is asked in each turn.
const TURN: Duration = Duration::from_millis(200);
const TURNS: usize = 3;

struct Measured<'a> {
    names: Vec<&'a str>,
    table: Table,
}

fn main() {
    let contenders = contenders();
    let names: Vec<_> = contenders.iter().map(|contender| contender.name).collect();
    let head = ["kr / by hand", "", "kr"].into_iter();
    let table = Table::new("requests", head.chain(names[1..].iter().copied()));
    let mut measured = Measured { names, table };

    let state = |_: &Program| vec![Ask::new("GET", "/state")];
    let known = |server: &Program| {
        let tag = Wire::connect(server.address).tag("/state");
        vec![Ask::unless("/state", &tag)]
    };
    let visit = |_: &Program| vec![Ask::new("POST", "/visit")];
    let mixed = |server: &Program| {
        let mut mixed = vec![Ask::new("GET", "/state"); 9];
        mixed.extend(visit(server));
        mixed
    };
    for notes in [0, 1_000] {
        let servers = start(&contenders, notes);
        // A read whose answer is made each time, as by hand.
        let plain = start(&[plain()], notes);
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
        let servers = start(&contenders, notes);
        let servers: Vec<_> = servers.iter().collect();
        let text = grouped(notes as f64);
        let export = Ask::new("POST", "/snapshot/export");
        for (name, ask) in [("export", export), ("import", import(notes))] {
            let name = format!("{name}, {text} notes, 1 connection");
            measured.row(&name, &servers, |_| vec![ask.clone()], 1);
        }
    }
    if asked_for("--write") {
        measured.table.write(&format!(
            "Ratios of kr to each twin in the same turn, {} turns of {:?}: median [least, most].",
            turns(),
            TURN * patience()
        ));
    }
}

fn over(connections: usize) -> String {
    match connections {
        1 => "1 connection".to_owned(),
        many => format!("{many} connections"),
    }
}

fn figure(number: f64) -> String {
    match number {
        small if small < 100.0 => format!("{small:.1}"),
        large => grouped(large),
    }
}

fn turns() -> usize {
    TURNS + 2 * (patience() as usize - 1)
}

fn start(contenders: &[Contender], notes: usize) -> Vec<Program> {
    let servers: Vec<_> = contenders.iter().map(Contender::start).collect();
    for server in servers.iter().filter(|_| notes > 0) {
        fill(server.address, notes);
    }
    servers
}

impl Measured<'_> {
    /// Measures all servers, prints what came out, and keeps it for the table.
    fn row(
        &mut self,
        name: &str,
        servers: &[&Program],
        asks: impl Fn(&Program) -> Vec<Ask>,
        connections: usize,
    ) {
        let traffic = |server| Traffic {
            asks: asks(server),
            connections,
            time: TURN * patience(),
        };
        let traffics: Vec<_> = servers.iter().map(|server| traffic(server)).collect();
        let turn = || -> Vec<Round> {
            let each = traffics.iter().zip(servers);
            each.map(|(traffic, server)| traffic.run(server)).collect()
        };
        // The first one warms up.
        let turns: Vec<_> = (0..=turns()).map(|_| turn()).skip(1).collect();
        let of_kr =
            |figure: fn(&Round) -> f64| Spread::of(turns.iter().map(|turn| figure(&turn[0])));
        let (rate, processor) = (of_kr(|kr| kr.per_second), of_kr(|kr| kr.processor));
        println!("{name}");
        println!("  kr: {rate} requests/s, {processor} µs of processor time each");
        let mut rates = vec![name.to_owned(), "requests/s".into(), grouped(rate.median)];
        let mut processors = vec![
            String::new(),
            "processor time".into(),
            format!("{} µs", figure(processor.median)),
        ];
        for (index, twin) in self.names.iter().enumerate().skip(1) {
            let ratio = |figure: fn(&Round) -> f64| {
                Spread::of(
                    turns
                        .iter()
                        .map(|turn| figure(&turn[0]) / figure(&turn[index])),
                )
            };
            let (rate, processor) = (
                ratio(|round| round.per_second),
                ratio(|round| round.processor),
            );
            println!("  kr / {twin}: {rate} of the requests/s, {processor} of the processor time");
            rates.push(rate.to_string());
            processors.push(processor.to_string());
        }
        self.table.row(rates);
        self.table.row(processors);
    }
}
