//! What it costs to be operated: the tutorial's requests with `KR_OPERATIONS` and without.

use super::case::{Case, cases};
use crate::load::{ServerUnderTest, Table, grouped};

/// The name of the table in `BENCHMARKS.md`.
pub(super) const TABLE: &str = "operated";

/// Requests to the tutorial itself that are counted with and without.
pub(super) fn operated_cases() -> impl Iterator<Item = Case> {
    let cases = cases().into_iter();
    cases.filter(|case| (case.kr)().is_example() && case.is_steady())
}

/// Instructions of a request without `KR_OPERATIONS`, and with it.
pub(super) fn counts(case: &Case) -> (f64, f64) {
    let off = (case.kr)();
    (case.count(&off), case.count(&operated(&off)))
}

/// With everything switched on, on a port that is free.
fn operated(server: &ServerUnderTest) -> ServerUnderTest {
    server.clone().with("KR_OPERATIONS", "0")
}

pub(super) fn table() -> Table {
    let mut table = Table::new(TABLE, ["instructions", "not operated", "operated", "ratio"]);
    for case in operated_cases() {
        let (off, on) = counts(&case);
        eprintln!("{}: {off:.0} {on:.0}", case.name);
        let ratio = format!("{:.3}", on / off);
        table.row([case.name.to_owned(), grouped(off), grouped(on), ratio]);
    }
    table
}
