//! Instructions per request, counted by valgrind's callgrind: figures that a busy machine does not blur.
//!
//! A server runs with one worker and answers one connection, one request at a time. It is run twice, with few requests and
//! with many, and what is reported is the difference, so that starting and stopping do not count.

mod case;
mod check;
mod valgrind;

use crate::load::{Table, asked_for, contenders, grouped};
use case::{Case, Part, cases, parts};
use std::process::ExitCode;

/// The name of the table in `BENCHMARKS.md`.
const TABLE: &str = "instructions";

/// Counts, and prints; `--write` puts the table into `BENCHMARKS.md`, `--check` compares kr with the one that is there.
#[must_use]
pub fn main() -> ExitCode {
    if let Err(missing) = valgrind::find() {
        println!("skipped: instructions are not counted, {missing}");
        return ExitCode::SUCCESS;
    }
    if asked_for("--check") {
        return check::main();
    }
    let table = table();
    println!("{table}");
    if asked_for("--write") {
        table.write(&made_with());
    }
    ExitCode::SUCCESS
}

/// Counts depend on the compiler, so they are only compared with those of the same one.
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
    let contenders = contenders();
    let head = ["instructions", "kr", "kr / best by hand"];
    let twins = contenders[1..].iter().map(|twin| twin.name);
    let mut table = Table::new(TABLE, head.into_iter().chain(twins));
    for case in cases() {
        let mut counts = Vec::new();
        let kr = (case.kr)();
        for contender in std::iter::once(&kr).chain(&contenders[1..]) {
            counts.push(case.count(contender));
            eprintln!(
                "{}: {} {:.0}",
                case.name,
                contender.name,
                counts[counts.len() - 1]
            );
        }
        row(&mut table, case.name, &counts);
    }
    for part in parts() {
        let counts: Vec<_> = part.programs.iter().map(|name| part.count(name)).collect();
        eprintln!("{}: {counts:.0?}", part.name);
        row(&mut table, part.name, &counts);
    }
    table
}

fn row(table: &mut Table, name: &str, counts: &[f64]) {
    let (kr, twins) = counts.split_first().expect("a count");
    let best = twins.iter().copied().reduce(f64::min);
    let ratio = best.map_or("–".to_owned(), |best| format!("{:.3}", kr / best));
    let cells = [name.to_owned(), grouped(*kr), ratio];
    table.row(cells.into_iter().chain(twins.iter().copied().map(grouped)));
}

/// Counts a case of kr's alone.
fn of_kr(case: &Case) -> f64 {
    case.count(&(case.kr)())
}

/// Counts a part of kr's alone.
fn part_of_kr(part: &Part) -> f64 {
    part.count(part.programs[0])
}
