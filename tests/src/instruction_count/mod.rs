//! Instructions per request, counted by valgrind's callgrind. A busy machine does not change them.
//!
//! A server with one worker serves one connection, one request at a time. It runs twice, with few requests and with many. The
//! difference is reported, so that start and shutdown do not count.

mod case;
mod check;
mod operated;
mod valgrind;

use crate::load::{Table, grouped, has_argument, servers_under_test};
use case::{Case, Microbench, cases, microbenches};
use std::process::ExitCode;

/// The name of the table in `BENCHMARKS.md`.
const TABLE: &str = "instructions";

/// Counts and prints. `--operated` counts what it costs to be operated; `--write` writes the table into `BENCHMARKS.md`,
/// `--check` compares kr with the table that is there.
#[must_use]
pub fn main() -> ExitCode {
    if let Err(missing) = valgrind::find() {
        println!("skipped: instructions are not counted, {missing}");
        return ExitCode::SUCCESS;
    }
    if has_argument("--check") {
        return check::main();
    }
    let table = match has_argument("--operated") {
        true => operated::table(),
        false => table(),
    };
    println!("{table}");
    if has_argument("--write") {
        table.write(&made_with());
    }
    ExitCode::SUCCESS
}

/// Counts depend on the compiler, so only counts of the same one are compared.
fn made_with() -> String {
    let version = std::process::Command::new("rustc")
        .arg("--version")
        .output();
    let version = version
        .ok()
        .and_then(|out| String::from_utf8(out.stdout).ok());
    let version = version.unwrap_or_default();
    format!("Compiled by {}.", version.trim())
}

fn table() -> Table {
    let servers_under_test = servers_under_test();
    let head = ["instructions", "kr", "kr / best handwritten"];
    let handwritten = servers_under_test[1..].iter().map(|server| server.name);
    let mut table = Table::new(TABLE, head.into_iter().chain(handwritten));
    for case in cases() {
        let mut counts = Vec::new();
        let kr = (case.kr)();
        for server_under_test in std::iter::once(&kr).chain(&servers_under_test[1..]) {
            counts.push(case.count(server_under_test));
            eprintln!(
                "{}: {} {:.0}",
                case.name,
                server_under_test.name,
                counts[counts.len() - 1]
            );
        }
        row(&mut table, case.name, &counts);
    }
    for microbench in microbenches() {
        let counts: Vec<_> = microbench
            .programs
            .iter()
            .map(|name| microbench.count(name))
            .collect();
        eprintln!("{}: {counts:.0?}", microbench.name);
        row(&mut table, microbench.name, &counts);
    }
    table
}

fn row(table: &mut Table, name: &str, counts: &[f64]) {
    let (kr, handwritten) = counts.split_first().expect("a count");
    let best = handwritten.iter().copied().reduce(f64::min);
    let ratio = best.map_or("–".to_owned(), |best| format!("{:.3}", kr / best));
    let cells = [name.to_owned(), grouped(*kr), ratio];
    table.row(
        cells
            .into_iter()
            .chain(handwritten.iter().copied().map(grouped)),
    );
}

/// Counts a case of kr only.
fn of_kr(case: &Case) -> f64 {
    case.count(&(case.kr)())
}

/// Counts a microbenchmark of kr only.
fn microbench_of_kr(microbench: &Microbench) -> f64 {
    microbench.count(microbench.programs[0])
}
