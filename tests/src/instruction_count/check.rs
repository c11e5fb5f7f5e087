//! Fails if kr needs more instructions than `BENCHMARKS.md` says.

use super::case::{Case, cases, microbenches};
use super::operated::{counts as counts_of, operated_cases};
use super::{TABLE, made_with, microbench_of_kr, of_kr};
use crate::load::{Table, grouped};
use std::process::ExitCode;

/// By how much a count may exceed the committed one.
const TOLERANCE: f64 = 0.03;

/// The same for an operated service beside one that is not. What it does by itself a few times a second is counted, too, and a
/// slow machine has more of that for each request.
const OPERATED_TOLERANCE: f64 = 0.04;

pub(super) fn main() -> ExitCode {
    let (committed_with, rows) = Table::read(TABLE);
    if committed_with != made_with() {
        println!(
            "skipped: the table was {committed_with:?}, this would be {:?}",
            made_with()
        );
        return ExitCode::SUCCESS;
    }
    let cases = cases();
    let microbenches = microbenches();
    let counts = cases
        .iter()
        .filter(|case| case.is_steady())
        .map(|case| (case.name, of_kr(case)))
        .chain(
            microbenches
                .iter()
                .map(|microbench| (microbench.name, microbench_of_kr(microbench))),
        );
    let (mut passed, mut failed) = (0, 0);
    for (name, count) in counts {
        let committed = rows.iter().find(|row| row[0] == name);
        let committed: f64 = committed
            .and_then(|row| row.get(1)?.replace(',', "").parse().ok())
            .unwrap_or(0.0);
        let change = count / committed - 1.0;
        let result = if change > TOLERANCE {
            failed += 1;
            "TOO MANY"
        } else {
            passed += 1;
            "ok"
        };
        println!(
            "{name}: {} instructions, {:+.1} % of the committed {}: {result}",
            grouped(count),
            change * 100.0,
            grouped(committed)
        );
    }
    let small = operated_cases().filter(Case::has_no_notes);
    for case in small {
        let (off, on) = counts_of(&case);
        let change = on / off - 1.0;
        let result = if change > OPERATED_TOLERANCE {
            failed += 1;
            "TOO MANY"
        } else {
            passed += 1;
            "ok"
        };
        println!(
            "{}, operated: {} instructions, {:+.1} % of the {} of a service that is not: {result}",
            case.name,
            grouped(on),
            change * 100.0,
            grouped(off)
        );
    }
    println!("{passed} passed, {failed} failed");
    if failed > 0 {
        println!(
            "kr needs more instructions than the table in BENCHMARKS.md says; find out why, or write the table again with \
             `cargo run --release --package kr-tests --bin instructions -- --write`"
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
