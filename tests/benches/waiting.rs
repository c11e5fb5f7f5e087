//! Who waits for whom: the slowest hundredth of the answers, alone and while something long goes on.
//!
//! `cargo bench -p kr-tests --bench waiting`; with `-- --write` into `BENCHMARKS.md`. Client and server share the machine's
//! cores, and the long thing takes processor time, too. So the same is also measured while another server of the same kind
//! does the long thing: what is left of the difference then is waiting.

use kr_tests::load::{
    Ask, Contender, Spread, Table, Traffic, Wire, asked_for, contenders, fill, patience, twins,
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
        "99 of 100 answers within",
        "server",
        "alone",
        "elsewhere",
        "here",
        "here / alone",
        "here / elsewhere",
    ];
    let mut table = Table::new("waiting", head);

    let hold = Ask::new("POST", "/hold/100");
    let name = "a read, while a writer holds the lock for 100 ms, over and over";
    let kr = Contender::new("kr", program_for_benches("test_server"));
    let read = traffic(Ask::new("GET", "/pair"), 8);
    row(
        &mut table,
        name,
        &kr,
        0,
        &read,
        &Ask::new("POST", "/slow/100"),
    );
    let read = traffic(Ask::new("GET", "/state"), 8);
    for twin in twins() {
        row(&mut table, "", &twin, 0, &read, &hold);
    }

    let export = Ask::new("POST", "/snapshot/export");
    let name = "a write of the tutorial with 100,000 notes, while they are exported";
    let write = traffic(Ask::new("POST", "/visit"), 1);
    for (index, contender) in contenders().iter().enumerate() {
        let name = if index == 0 { name } else { "" };
        row(&mut table, name, contender, NOTES, &write, &export);
    }
    let name = "a write of a persistent collection of 100,000 notes, while they are exported";
    let large = Contender::new("kr", example_for_benches("large"));
    let write = traffic(Ask::json("/notes", "\"one more\""), 1);
    row(&mut table, name, &large, NOTES, &write, &export);

    println!("{table}");
    if asked_for("--write") {
        table.write("Median [least, most] of the turns' own ratios.");
    }
}

fn traffic(ask: Ask, connections: usize) -> Traffic {
    Traffic {
        asks: vec![ask],
        connections,
        time: TURN * patience(),
    }
}

fn row(
    table: &mut Table,
    name: &str,
    contender: &Contender,
    notes: usize,
    traffic: &Traffic,
    meanwhile: &Ask,
) {
    let (server, other) = (contender.start(), contender.start());
    if notes > 0 {
        fill(server.address, notes);
        fill(other.address, notes);
    }
    let turns: Vec<[f64; 3]> = (0..TURNS)
        .map(|_| {
            let measure = || p99(traffic, &server);
            [
                measure(),
                with(&other, meanwhile, measure),
                with(&server, meanwhile, measure),
            ]
        })
        .collect();
    let median = |index: usize| Spread::of(turns.iter().map(|turn| turn[index])).median;
    let ratio = |to: usize| Spread::of(turns.iter().map(|turn| turn[2] / turn[to]));
    let cells = [
        name.to_owned(),
        contender.name.to_owned(),
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
fn p99(traffic: &Traffic, server: &Program) -> f64 {
    traffic.run(server).latencies.p99().as_secs_f64() * 1e3
}

/// Does something while another connection asks the same over and over.
fn with<T>(server: &Program, ask: &Ask, what: impl FnOnce() -> T) -> T {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut wire = Wire::connect(server.address);
            while !stop.load(Ordering::Relaxed) {
                wire.ask(ask);
            }
        });
        let result = what();
        stop.store(true, Ordering::Relaxed);
        result
    })
}
