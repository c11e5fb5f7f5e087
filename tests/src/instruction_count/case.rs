//! What is counted.

use super::valgrind;
use crate::load::{Ask, Contender, Wire, fill, import, kr, plain};
use crate::program_for_benches;
use std::process::Command;

/// Requests to a server.
pub(super) struct Case {
    pub(super) name: &'static str,
    /// kr, with `cached` or without.
    pub(super) kr: fn() -> Contender,
    notes: usize,
    /// What is asked in each step.
    asks: Asks,
    /// What of that is not to count.
    less: Option<Asks>,
    /// How many steps the two runs have.
    few: u32,
    many: u32,
}

type Asks = fn(&mut Wire) -> Vec<Ask>;

const STATE: Asks = |_| vec![Ask::new("GET", "/state")];
const KNOWN: Asks = |wire| vec![Ask::unless("/state", &wire.tag("/state"))];
const VISIT: Asks = |_| vec![Ask::new("POST", "/visit")];
const VISIT_THEN_STATE: Asks = |_| vec![Ask::new("POST", "/visit"), Ask::new("GET", "/state")];
const EXPORT: Asks = |_| vec![Ask::new("POST", "/snapshot/export")];
const IMPORT: Asks = |_| vec![import(1_000)];

/// All of them.
pub(super) fn cases() -> [Case; 11] {
    let case = |name, notes, asks, few, many| Case {
        name,
        kr,
        notes,
        asks,
        less: None,
        few,
        many,
    };
    let uncached = |case| Case { kr: plain, ..case };
    // Each read is the first of its state.
    let changed = |case| Case {
        less: Some(VISIT),
        ..case
    };
    [
        uncached(case("`GET /state`, no notes", 0, STATE, 200, 2_200)),
        changed(case(
            "cached, made, no notes",
            0,
            VISIT_THEN_STATE,
            200,
            2_200,
        )),
        case("cached, again, no notes", 0, STATE, 200, 2_200),
        case("`POST /visit`, no notes", 0, VISIT, 200, 1_200),
        uncached(case("`GET /state`, 1,000 notes", 1_000, STATE, 10, 60)),
        changed(case(
            "cached, made, 1,000 notes",
            1_000,
            VISIT_THEN_STATE,
            10,
            60,
        )),
        case("cached, again, 1,000 notes", 1_000, STATE, 10, 60),
        case("cached, 304, 1,000 notes", 1_000, KNOWN, 10, 60),
        case("`POST /visit`, 1,000 notes", 1_000, VISIT, 10, 60),
        case("export, 1,000 notes", 1_000, EXPORT, 5, 30),
        case("import, 1,000 notes", 1_000, IMPORT, 5, 30),
    ]
}

impl Case {
    /// Whether a change of the count means something: where the difference of two large ones is taken, they move with where the
    /// allocator happens to find gaps.
    pub(super) fn is_steady(&self) -> bool {
        self.less.is_none() || self.notes == 0
    }

    /// Instructions per step.
    pub(super) fn count(&self, contender: &Contender) -> f64 {
        let less = self.less.map_or(0.0, |less| self.count_of(less, contender));
        self.count_of(self.asks, contender) - less
    }

    fn count_of(&self, asks: Asks, contender: &Contender) -> f64 {
        valgrind::per_step(self.few, self.many, |steps, arguments| {
            let mut command = contender.under("valgrind", arguments);
            valgrind::serve(&mut command, |server| {
                if self.notes > 0 {
                    fill(server, self.notes);
                }
                let mut wire = Wire::connect(server);
                let asks = asks(&mut wire);
                for _ in 0..steps {
                    asks.iter().for_each(|ask| {
                        wire.ask(ask);
                    });
                }
            });
        })
    }
}

/// A part of what a request does, without a server.
pub(super) struct Part {
    pub(super) name: &'static str,
    /// kr's first, then the same by hand, as `src/bin/micro.rs` calls them.
    pub(super) programs: &'static [&'static str],
    few: u32,
    many: u32,
}

/// All of them.
pub(super) fn parts() -> [Part; 5] {
    let part = |name, programs, few, many| Part {
        name,
        programs,
        few,
        many,
    };
    [
        part(
            "one lock and commit",
            &[
                "update",
                "update-mutex",
                "update-tokio",
                "update-rwlock",
                "update-swap",
            ] as &[_],
            200,
            5_200,
        ),
        part(
            "one read",
            &[
                "read",
                "read-mutex",
                "read-tokio",
                "read-rwlock",
                "read-swap",
            ],
            200,
            5_200,
        ),
        part("one JSON answer", &["json", "json-axum"], 200, 5_200),
        part("a snapshot out, 1,000 notes", &["out"], 5, 30),
        part("a snapshot in, 1,000 notes", &["in"], 5, 30),
    ]
}

impl Part {
    /// Instructions each time.
    pub(super) fn count(&self, program: &str) -> f64 {
        valgrind::per_step(self.few, self.many, |steps, arguments| {
            let status = Command::new("valgrind")
                .args(arguments)
                .arg(program_for_benches("micro"))
                .args([program, &steps.to_string()])
                .status();
            assert!(status.expect("valgrind").success(), "{program} failed");
        })
    }
}
