//! Accounts in PostgreSQL: kr beside programs that are written by hand on axum and tokio-postgres.
//!
//! ```text
//! cargo bench -p kr-tests --bench postgres                                    # some minutes
//! cargo bench -p kr-tests --bench postgres -- --quick                         # to see that it works
//! cargo bench -p kr-tests --bench postgres -- "hot account, 64"               # the rows with that in their names
//! KR_BENCH_PATIENCE=5 cargo bench -p kr-tests --bench postgres -- --write     # longer, into `BENCHMARKS.md`
//! ```
//!
//! All share one server of the benchmark's own, on loopback, with its usual settings: `fsync` and `synchronous_commit` are on.
//! Each program has a database of its own, 32 connections where it is written by hand, and 10 with kr. They get the same load
//! in alternating turns.

use kr_tests::Program;
use kr_tests::load::{
    Connection, Percentiles, Request, Table, Workload, grouped, has_argument, patience,
};
use kr_tests::postgres::Postgres;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{env, thread};

#[path = "../../tests/postgres/proxy.rs"]
#[allow(dead_code, reason = "the tests use the rest of it")]
mod proxy;

const KEYS: usize = 10_000;
/// Shares no factor with the number of keys.
const STRIDE: usize = 7_919;
/// How long each program gets load in each turn.
const TURN: Duration = Duration::from_millis(500);

const PEERS: [(&str, &str); 5] = [
    ("kr", "kr"),
    ("kr, prepared", "kr"),
    ("axum, row lock", "row-lock"),
    ("axum, one `UPDATE`", "update"),
    ("axum, retry", "retry"),
];

fn main() {
    let Some(server) = Postgres::start("") else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let proxy = runtime.block_on(proxy::Proxy::start(server.port()));
    proxy.delay(Duration::from_micros(500));
    let databases: Vec<String> = PEERS.iter().map(|_| server.database()).collect();
    make_accounts(&databases);
    let mut table = Table::new(
        "postgres",
        [
            "",
            "program",
            "a second",
            "kr / it",
            "median",
            "99 % within",
        ],
    );
    let mut row = |name: &str, turn: &dyn Fn(usize) -> Option<Turn>| {
        if is_asked_for(name) {
            measure(&mut table, name, turn);
        }
    };
    for clients in [1, 8, 64, 512] {
        row(
            &format!("without HTTP, hot account, {clients} tasks"),
            &|peer| direct(peer, &databases[peer], clients, 1, false),
        );
    }
    for clients in [1, 8, 64, 512] {
        row(
            &format!("without HTTP, 10,000 accounts, {clients} tasks"),
            &|peer| direct(peer, &databases[peer], clients, KEYS, false),
        );
    }
    for clients in [1, 64, 512] {
        row(
            &format!("without HTTP, reads of one account, {clients} tasks"),
            &|peer| direct(peer, &databases[peer], clients, 1, true),
        );
    }
    for (what, requests) in [
        ("hot account", vec![deposit(0)]),
        (
            "10,000 accounts",
            (0..KEYS)
                .map(|index| deposit(index * STRIDE % KEYS))
                .collect(),
        ),
        ("transfers", (0..KEYS).map(transfer).collect()),
    ] {
        for connections in [1, 8, 64, 512] {
            for processes in [1, 3] {
                if processes > connections {
                    continue;
                }
                let name = format!("{what}, {connections} connections, {processes} processes");
                row(&name, &|peer| {
                    http(peer, &databases[peer], &requests, connections, processes)
                });
            }
        }
    }
    row(
        "hot account, 1 connection beside 512 of another process",
        &|peer| beside_many(peer, &databases[peer]),
    );
    for connections in [1, 8, 64] {
        let name = format!("hot account, {connections} connections, server 1 ms away");
        row(&name, &|peer| {
            http(
                peer,
                &proxy.url(&databases[peer]),
                &[deposit(0)],
                connections,
                1,
            )
        });
    }
    for connections in [8, 64, 512] {
        let name = format!("reads of one account, {connections} connections");
        row(&name, &|peer| {
            http(
                peer,
                &databases[peer],
                &[Request::new("GET", "/accounts/0")],
                connections,
                1,
            )
        });
    }
    println!("\n{table}");
    if has_argument("--write") {
        table.write(&format!(
            "{} rounds of {:?}: medians, and [min, max] of the ratios in the same round.",
            turns(),
            time()
        ));
    }
}

/// One program in one turn.
struct Turn {
    rate: f64,
    /// In milliseconds.
    median: f64,
    p99: f64,
    /// The part of each process, where there are several.
    shares: Vec<f64>,
}

fn measure(table: &mut Table, name: &str, turn: &dyn Fn(usize) -> Option<Turn>) {
    println!("{name}");
    let mut all: Vec<Vec<Turn>> = PEERS.iter().map(|_| Vec::new()).collect();
    // The first one warms up.
    for round in 0..=turns() {
        for (peer, turns) in all.iter_mut().enumerate() {
            if let Some(turn) = turn(peer)
                && round > 0
            {
                turns.push(turn);
            }
        }
    }
    for ((program, _), turns) in PEERS.iter().zip(&all) {
        if turns.is_empty() {
            continue;
        }
        let of = |figure: fn(&Turn) -> f64| Percentiles::of(turns.iter().map(figure));
        let ratios = all[0].iter().zip(turns).map(|(kr, it)| kr.rate / it.rate);
        let ratio = match *program {
            "kr" => "–".to_owned(),
            _ => Percentiles::of(ratios).to_string(),
        };
        let (rate, median, p99) = (
            of(|turn| turn.rate),
            of(|turn| turn.median),
            of(|turn| turn.p99),
        );
        println!(
            "  {program}: {rate} a second, median {median} ms, 99 % within {p99} ms; kr / it: {ratio}"
        );
        if let Some(turn) = turns.last().filter(|turn| turn.shares.len() > 1) {
            println!("    shares of the processes: {:.3?}", turn.shares);
        }
        table.row([
            if *program == "kr" { name } else { "" }.to_owned(),
            (*program).to_owned(),
            grouped(rate.median),
            ratio,
            format!("{:.2} ms", median.median),
            format!("{:.2} ms", p99.median),
        ]);
    }
}

/// Load without HTTP.
fn direct(peer: usize, url: &str, clients: usize, keys: usize, reads: bool) -> Option<Turn> {
    if PEERS[peer].1 == "retry" && clients > 64 {
        // Nearly all of its tries are in vain.
        return None;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_postgres_peers"))
        .envs(variables(peer, url))
        .envs(reads.then_some(("READS", "1")))
        .env("CLIENTS", clients.to_string())
        .env("KEYS", keys.to_string())
        .env("MILLIS", time().as_millis().to_string())
        .output()
        .expect("the program");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut figures = text
        .split_whitespace()
        .map(|figure| figure.parse().expect("a figure"));
    let mut next = || figures.next().expect("three figures");
    Some(Turn {
        rate: next(),
        median: next(),
        p99: next(),
        shares: Vec::new(),
    })
}

fn http(
    peer: usize,
    url: &str,
    requests: &[Request],
    connections: usize,
    processes: usize,
) -> Option<Turn> {
    if PEERS[peer].1 == "retry" && connections > 64 {
        return None;
    }
    let programs: Vec<Program> = (0..processes).map(|_| program(peer, url)).collect();
    let rounds: Vec<_> = thread::scope(|scope| {
        let loads: Vec<_> = programs
            .iter()
            .map(|program| {
                let workload = Workload {
                    requests: requests.to_vec(),
                    connections: connections / processes,
                    time: time(),
                };
                scope.spawn(move || workload.run(program))
            })
            .collect();
        loads
            .into_iter()
            .map(|load| load.join().expect("a load"))
            .collect()
    });
    let rate: f64 = rounds.iter().map(|round| round.per_second).sum();
    let shares = rounds.iter().map(|round| round.per_second / rate).collect();
    let mut latencies = kr_tests::load::Latencies::default();
    rounds
        .into_iter()
        .for_each(|round| latencies.merge(round.latencies));
    Some(Turn {
        rate,
        median: latencies.median().as_secs_f64() * 1e3,
        p99: latencies.p99().as_secs_f64() * 1e3,
        shares,
    })
}

/// What one client of a process gets while another process has 512.
fn beside_many(peer: usize, url: &str) -> Option<Turn> {
    if PEERS[peer].1 == "retry" {
        return None;
    }
    let (large, small) = (program(peer, url), program(peer, url));
    let load = |connections| Workload {
        requests: vec![deposit(0)],
        connections,
        time: time(),
    };
    thread::scope(|scope| {
        scope.spawn(|| load(512).run(&large));
        let mut round = load(1).run(&small);
        Some(Turn {
            rate: round.per_second,
            median: round.latencies.median().as_secs_f64() * 1e3,
            p99: round.latencies.p99().as_secs_f64() * 1e3,
            shares: Vec::new(),
        })
    })
}

fn program(peer: usize, url: &str) -> Program {
    let variables = variables(peer, url);
    Program::start_with(Path::new(env!("CARGO_BIN_EXE_postgres_peers")), &variables)
}

fn variables(peer: usize, url: &str) -> Vec<(&str, &str)> {
    let (name, store) = PEERS[peer];
    let mut variables = vec![("STORE", store), ("URL", url), ("RUST_LOG", "error")];
    if name.ends_with("prepared") {
        variables.push(("PREPARED", "1"));
    }
    variables
}

fn deposit(id: usize) -> Request {
    Request::json(&format!("/accounts/{id}"), r#"{"amount":5}"#)
}

fn transfer(index: usize) -> Request {
    let (from, to) = (index * STRIDE % KEYS, (index * STRIDE + 1) % KEYS);
    Request::json(
        "/transfers",
        &format!(r#"{{"from":{from},"to":{to},"amount":1}}"#),
    )
}

/// Makes all accounts, so that no turn has to.
fn make_accounts(databases: &[String]) {
    for (peer, url) in databases.iter().enumerate() {
        let program = program(peer, url);
        thread::scope(|scope| {
            for start in 0..32 {
                let address = program.address;
                scope.spawn(move || {
                    let mut connection = Connection::connect(address);
                    for id in (start..KEYS).step_by(32) {
                        connection.request(&deposit(id));
                    }
                });
            }
        });
    }
}

/// Whether a row is measured: all are, unless the arguments name some.
fn is_asked_for(name: &str) -> bool {
    let mut texts = env::args()
        .skip(1)
        .filter(|text| !text.starts_with('-'))
        .peekable();
    texts.peek().is_none() || texts.any(|text| name.contains(&text))
}

fn time() -> Duration {
    match has_argument("--quick") {
        true => TURN / 2,
        false => TURN * patience(),
    }
}

fn turns() -> usize {
    match has_argument("--quick") {
        true => 1,
        false => 1 + 2 * patience().min(4) as usize,
    }
}
