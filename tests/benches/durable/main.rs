//! Changes that a crash does not take back: kr with a store in a file, beside kr in memory and programs on redb, `SQLite` and
//! Redis that are written by hand on axum.
//!
//! ```text
//! cargo bench -p kr-tests --features durable --bench durable                                     # under a minute
//! cargo bench -p kr-tests --features durable --bench durable -- --quick                          # a few seconds, to see that it works
//! cargo bench -p kr-tests --features durable --bench durable -- "hot key, 128"                   # the rows with that in their names
//! KR_BENCH_PATIENCE=5 cargo bench -p kr-tests --features durable --bench durable -- --write      # longer, into `BENCHMARKS.md`
//! ```
//!
//! Each program is a process of its own and keeps its rows in one folder, so all of them on the same disk. They get the same
//! load in alternating turns. Redis is Debian's `redis-server`; without it the others are measured.

mod disk;
mod redis;

use disk::Disk;
use kr_tests::load::{
    Connection, Percentiles, Request, Round, Table, Workload, grouped, has_argument, patience,
};
use kr_tests::{Client, Program};
use redis::Redis;
use std::path::Path;
use std::thread;
use std::time::Duration;
use std::{env, fs};

/// How long each server gets requests in each turn.
const TURN: Duration = Duration::from_millis(300);
const KEYS: usize = 10_000;
/// Shares no factor with the number of keys: keys that follow each other are not neighbours in a file.
const STRIDE: usize = 7_919;

/// A program that is measured.
struct Peer {
    name: &'static str,
    program: Program,
}

fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let redis = Redis::start(folder.path());
    let mut peers = vec![
        peer("kr, file", "kr-file", folder.path(), None),
        peer("kr, memory", "kr-memory", folder.path(), None),
        peer("axum, redb", "redb", folder.path(), None),
        peer("axum, SQLite", "sqlite", folder.path(), None),
    ];
    match &redis {
        Ok(redis) => peers.push(peer("axum, Redis", "redis", folder.path(), Some(redis))),
        Err(reason) => println!("Redis is left out: {reason}"),
    }
    respond_alike(&peers);
    peers.iter().for_each(|peer| make_accounts(&peer.program));

    let disk = Disk::in_folder(folder.path());
    let head = [
        "",
        "server",
        "requests/s",
        "kr, file / it",
        "median answer",
        "99 % within",
        "in syncs",
    ];
    let mut table = Table::new("durable", head);
    let mut syncs = Vec::new();
    for (name, requests) in [
        ("one hot key", vec![deposit("/vault")]),
        ("10,000 keys", accounts()),
    ] {
        for connections in [1, 8, 128] {
            let workload = Workload {
                requests: requests.clone(),
                connections,
                time: turn(),
            };
            let name = format!("{name}, {connections} connections")
                .replace(" 1 connections", " 1 connection");
            if is_asked_for(&name) {
                row(&mut table, &name, &peers, &workload, &disk, &mut syncs);
            }
        }
    }
    let sync = Percentiles::of(syncs.into_iter().map(|seconds| seconds * 1e6));
    println!("\n{table}\nOne sync: {sync} µs");
    if has_argument("--write") {
        table.write(&format!(
            "{} rounds of {:?}: medians, and [min, max] of the ratios in the same round. One `fdatasync` of 4 kB that were \
             appended took {sync} µs.",
            turns(),
            turn(),
        ));
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

fn turn() -> Duration {
    match has_argument("--quick") {
        true => TURN / 3,
        false => TURN * patience(),
    }
}

fn turns() -> usize {
    match has_argument("--quick") {
        true => 1,
        false => 1 + 2 * patience().min(4) as usize,
    }
}

fn peer(name: &'static str, store: &str, folder: &Path, redis: Option<&Redis>) -> Peer {
    let folder = folder.join(store);
    fs::create_dir(&folder).expect("a folder");
    let folder = folder.to_str().expect("a path in UTF-8");
    let redis = redis.map_or(String::new(), |redis| redis.address.to_string());
    let variables = [
        ("STORE", store),
        ("FOLDER", folder),
        ("REDIS", &redis),
        ("RUST_LOG", "error"),
    ];
    let program = Program::start_with(Path::new(env!("CARGO_BIN_EXE_durable")), &variables);
    Peer { name, program }
}

fn deposit(path: &str) -> Request {
    Request::json(path, r#"{"amount":5}"#)
}

/// A change of each of the accounts.
fn accounts() -> Vec<Request> {
    let number = |index| 1 + index * STRIDE % KEYS;
    let deposit = |index| deposit(&format!("/account/{}", number(index)));
    (0..KEYS).map(deposit).collect()
}

/// All of them give the same responses.
fn respond_alike(peers: &[Peer]) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let responses = |peer: &Peer| {
        runtime.block_on(async {
            let mut client = Client::connect(peer.program.address).await;
            let body = serde_json::json!({ "amount": 5 });
            let mut responses = Vec::new();
            for path in ["/vault", "/vault", "/account/1", "/vault"] {
                let response = client.post_json(path, &body).await;
                responses.push((response.status, response.text()));
            }
            responses
        })
    };
    let expected = responses(&peers[0]);
    for peer in &peers[1..] {
        assert_eq!(
            responses(peer),
            expected,
            "{} is another program",
            peer.name
        );
    }
}

/// Makes all accounts, so that no turn has to.
fn make_accounts(program: &Program) {
    const THREADS: usize = 20;
    let requests = accounts();
    thread::scope(|scope| {
        for requests in requests.chunks(KEYS / THREADS) {
            scope.spawn(move || {
                let mut connection = Connection::connect(program.address);
                for request in requests {
                    connection.request(request);
                }
            });
        }
    });
}

/// One server in one turn.
struct Turn {
    round: Round,
    /// In seconds.
    median: f64,
    p99: f64,
    sync: f64,
}

fn row(
    table: &mut Table,
    name: &str,
    peers: &[Peer],
    workload: &Workload,
    disk: &Disk,
    syncs: &mut Vec<f64>,
) {
    let turn = || -> Vec<Turn> {
        let sync = disk.sync_seconds();
        let turn = |peer: &Peer| {
            let mut round = workload.run(&peer.program);
            let median = round.latencies.median().as_secs_f64();
            let p99 = round.latencies.p99().as_secs_f64();
            Turn {
                round,
                median,
                p99,
                sync,
            }
        };
        peers.iter().map(turn).collect()
    };
    // The first one warms up.
    let turns: Vec<_> = (0..=turns()).map(|_| turn()).skip(1).collect();
    syncs.extend(turns.iter().map(|turn| turn[0].sync));
    println!("{name}");
    for (index, peer) in peers.iter().enumerate() {
        let of = |figure: fn(&Turn) -> f64| {
            Percentiles::of(turns.iter().map(|turn| figure(&turn[index])))
        };
        let ratios = turns
            .iter()
            .map(|turn| turn[0].round.per_second / turn[index].round.per_second);
        let ratio = match index {
            0 => "–".to_owned(),
            _ => Percentiles::of(ratios).to_string(),
        };
        let (rate, processor) = (
            of(|turn| turn.round.per_second),
            of(|turn| turn.round.processor),
        );
        let (median, p99) = (of(|turn| turn.median * 1e3), of(|turn| turn.p99 * 1e3));
        let in_syncs = of(|turn| turn.p99 / turn.sync);
        println!(
            "  {}: {rate} requests/s, {processor} µs of processor time each, median {median} ms, 99 % within {p99} ms or \
             {in_syncs} syncs; kr, file / it: {ratio}",
            peer.name
        );
        table.row([
            if index == 0 { name } else { "" }.to_owned(),
            peer.name.to_owned(),
            grouped(rate.median),
            ratio,
            format!("{:.2} ms", median.median),
            format!("{:.2} ms", p99.median),
            format!("{:.1}", in_syncs.median),
        ]);
    }
}
