//! What waits for what: the 99th percentile of the response times, alone and during a long operation.
//!
//! `cargo bench -p kr-tests --bench waiting`; with `-- --write` into `BENCHMARKS.md`. Client and server share the machine's
//! cores, and the long operation takes processor time as well. So the same is also measured while another server of the same
//! kind runs the long operation: the remaining difference is waiting.

use kr_tests::load::{
    Connection, Percentiles, Request, ServerUnderTest, Table, Workload, fill, handwritten,
    has_argument, patience, servers_under_test,
};
use kr_tests::{Program, example_for_benches, program_for_benches};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

const NOTES: usize = 100_000;
const TURN: Duration = Duration::from_millis(500);
const TURNS: usize = 3;

fn main() {
    let head = [
        "99th percentile of the response time",
        "server",
        "alone",
        "elsewhere",
        "here",
        "here / alone",
        "here / elsewhere",
    ];
    let mut table = Table::new("waiting", head);

    let hold = Request::new("POST", "/hold/100");
    let name = "a read, while a writer holds the lock for 100 ms, over and over";
    let kr = ServerUnderTest::new("kr", program_for_benches("test_server"));
    let read = workload(Request::new("GET", "/pair"), 8);
    row(
        &mut table,
        name,
        &kr,
        0,
        &read,
        &Request::new("POST", "/slow/100"),
    );
    let read = workload(Request::new("GET", "/state"), 8);
    for server in handwritten() {
        row(&mut table, "", &server, 0, &read, &hold);
    }

    let export = Request::new("POST", "/snapshot/export");
    let name = "a write of the tutorial with 100,000 notes, while they are exported";
    let write = workload(Request::new("POST", "/visit"), 1);
    for (index, server_under_test) in servers_under_test().iter().enumerate() {
        let name = if index == 0 { name } else { "" };
        row(&mut table, name, server_under_test, NOTES, &write, &export);
    }
    let name = "a write of a persistent collection of 100,000 notes, while they are exported";
    let large = ServerUnderTest::new("kr", example_for_benches("large"));
    let write = workload(Request::json("/notes", "\"one more\""), 1);
    row(&mut table, name, &large, NOTES, &write, &export);

    println!("{table}");
    if has_argument("--write") {
        table.write("Median [min, max] of the rounds' own ratios.");
    }
}

fn workload(request: Request, connections: usize) -> Workload {
    Workload {
        requests: vec![request],
        connections,
        time: TURN * patience(),
    }
}

fn row(
    table: &mut Table,
    name: &str,
    server_under_test: &ServerUnderTest,
    notes: usize,
    workload: &Workload,
    meanwhile: &Request,
) {
    let (server, other) = (server_under_test.start(), server_under_test.start());
    if notes > 0 {
        fill(server.address, notes);
        fill(other.address, notes);
    }
    let turns: Vec<[f64; 3]> = (0..TURNS)
        .map(|_| {
            let measure = || p99(workload, &server);
            [
                measure(),
                with(&other, meanwhile, measure),
                with(&server, meanwhile, measure),
            ]
        })
        .collect();
    let median = |index: usize| Percentiles::of(turns.iter().map(|turn| turn[index])).median;
    let ratio = |to: usize| Percentiles::of(turns.iter().map(|turn| turn[2] / turn[to]));
    let cells = [
        name.to_owned(),
        server_under_test.name.to_owned(),
        format!("{:.2} ms", median(0)),
        format!("{:.2} ms", median(1)),
        format!("{:.2} ms", median(2)),
        ratio(0).to_string(),
        ratio(1).to_string(),
    ];
    eprintln!("{}", cells.join(" | "));
    table.row(cells);
}

/// In milliseconds.
fn p99(workload: &Workload, server: &Program) -> f64 {
    workload.run(server).latencies.p99().as_secs_f64() * 1e3
}

/// Runs `what` while another connection repeats a request.
fn with<T>(server: &Program, request: &Request, what: impl FnOnce() -> T) -> T {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut connection = Connection::connect(server.address);
            while !stop.load(Ordering::Relaxed) {
                connection.request(request);
            }
        });
        let result = what();
        stop.store(true, Ordering::Relaxed);
        result
    })
}
