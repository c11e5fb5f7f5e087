//! What is counted.

use super::valgrind;
use crate::load::{Ask, Contender, fill};
use crate::program_for_benches;
use std::process::Command;

/// Requests to a server.
pub(super) struct Case {
    pub(super) name: &'static str,
    notes: usize,
    ask: fn() -> Ask,
    /// How many requests the two runs have.
    few: u32,
    many: u32,
}

/// All of them.
pub(super) fn cases() -> [Case; 6] {
    let state = || Ask::new("GET", "/state");
    let visit = || Ask::new("POST", "/visit");
    let case = |name, notes, ask, few, many| Case {
        name,
        notes,
        ask,
        few,
        many,
    };
    [
        case(
            "`GET /state`, no notes",
            0,
            state as fn() -> Ask,
            200,
            2_200,
        ),
        case("`POST /visit`, no notes", 0, visit, 200, 1_200),
        case("`GET /state`, 1,000 notes", 1_000, state, 10, 60),
        case("`POST /visit`, 1,000 notes", 1_000, visit, 10, 60),
        case(
            "export, 1,000 notes",
            1_000,
            || Ask::new("POST", "/snapshot/export"),
            5,
            30,
        ),
        case(
            "import, 1,000 notes",
            1_000,
            || crate::load::import(1_000),
            5,
            30,
        ),
    ]
}

impl Case {
    /// Instructions per request.
    pub(super) fn count(&self, contender: &Contender) -> f64 {
        let ask = (self.ask)();
        valgrind::per_step(self.few, self.many, |steps, arguments| {
            let mut command = contender.under("valgrind", arguments);
            valgrind::serve(&mut command, |server| {
                if self.notes > 0 {
                    fill(server, self.notes);
                }
                let mut wire = crate::load::Wire::connect(server);
                for _ in 0..steps {
                    wire.ask(&ask);
                }
            });
        })
    }
}

/// A part of what a request does, without a server.
pub(super) struct Part {
    pub(super) name: &'static str,
    /// kr's first, then the same by hand, as `src/bin/parts.rs` calls them.
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
                .arg(program_for_benches("parts"))
                .args([program, &steps.to_string()])
                .status();
            assert!(status.expect("valgrind").success(), "{program} failed");
        })
    }
}
