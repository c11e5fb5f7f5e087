//! The requests and operations that are counted.

use super::valgrind;
use crate::load::{Connection, Request, ServerUnderTest, fill, import, kr, kr_uncached};
use crate::program_for_benches;
use std::process::Command;

/// Requests to a server.
pub(super) struct Case {
    pub(super) name: &'static str,
    /// kr, with `cached` or without.
    pub(super) kr: fn() -> ServerUnderTest,
    notes: usize,
    /// The requests of each step.
    requests: Requests,
    /// The requests whose instructions are subtracted.
    subtracted: Option<Requests>,
    /// The numbers of steps of the two runs.
    few: u32,
    many: u32,
}

type Requests = fn(&mut Connection) -> Vec<Request>;

const STATE: Requests = |_| vec![Request::new("GET", "/state")];
const KNOWN: Requests =
    |connection| vec![Request::if_none_match("/state", &connection.etag("/state"))];
const VISIT: Requests = |_| vec![Request::new("POST", "/visit")];
const VISIT_THEN_STATE: Requests = |_| {
    vec![
        Request::new("POST", "/visit"),
        Request::new("GET", "/state"),
    ]
};
const EXPORT: Requests = |_| vec![Request::new("POST", "/snapshot/export")];
const IMPORT: Requests = |_| vec![import(1_000)];

/// All cases.
pub(super) fn cases() -> [Case; 11] {
    let case = |name, notes, requests, few, many| Case {
        name,
        kr,
        notes,
        requests,
        subtracted: None,
        few,
        many,
    };
    let uncached = |case| Case {
        kr: kr_uncached,
        ..case
    };
    // Each read is the first one after a commit.
    let changed = |case| Case {
        subtracted: Some(VISIT),
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
        case("cached, again, 1,000 notes", 1_000, STATE, 200, 2_200),
        case("cached, 304, 1,000 notes", 1_000, KNOWN, 200, 2_200),
        case("`POST /visit`, 1,000 notes", 1_000, VISIT, 10, 60),
        case("export, 1,000 notes", 1_000, EXPORT, 5, 30),
        case("import, 1,000 notes", 1_000, IMPORT, 5, 30),
    ]
}

impl Case {
    /// Whether a change of the count is meaningful. A difference of two large counts is not: it varies with the gaps that the
    /// allocator finds.
    pub(super) fn is_steady(&self) -> bool {
        self.subtracted.is_none() || self.notes == 0
    }

    /// Whether it is about the smallest requests, of which everything around them is the largest part.
    pub(super) fn has_no_notes(&self) -> bool {
        self.notes == 0
    }

    /// Instructions per step.
    pub(super) fn count(&self, server_under_test: &ServerUnderTest) -> f64 {
        let subtracted = self.subtracted.map_or(0.0, |subtracted| {
            self.count_of(subtracted, server_under_test)
        });
        self.count_of(self.requests, server_under_test) - subtracted
    }

    fn count_of(&self, requests: Requests, server_under_test: &ServerUnderTest) -> f64 {
        valgrind::per_step(self.few, self.many, |steps, arguments| {
            let mut command = server_under_test.under("valgrind", arguments);
            valgrind::serve(&mut command, |server| {
                if self.notes > 0 {
                    fill(server, self.notes);
                }
                let mut connection = Connection::connect(server);
                let requests = requests(&mut connection);
                for _ in 0..steps {
                    requests.iter().for_each(|request| {
                        connection.request(request);
                    });
                }
            });
        })
    }
}

/// A single operation of a request, without a server.
pub(super) struct Microbench {
    pub(super) name: &'static str,
    /// The names in `src/bin/microbench.rs`: kr's operation first, then the handwritten ones.
    pub(super) programs: &'static [&'static str],
    few: u32,
    many: u32,
}

/// All cases.
pub(super) fn microbenches() -> [Microbench; 5] {
    let microbench = |name, programs, few, many| Microbench {
        name,
        programs,
        few,
        many,
    };
    [
        microbench(
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
        microbench(
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
        microbench("one JSON response", &["json", "json-axum"], 200, 5_200),
        microbench("a snapshot out, 1,000 notes", &["export"], 5, 30),
        microbench("a snapshot in, 1,000 notes", &["import"], 5, 30),
    ]
}

impl Microbench {
    /// Instructions per operation.
    pub(super) fn count(&self, program: &str) -> f64 {
        valgrind::per_step(self.few, self.many, |steps, arguments| {
            let status = Command::new("valgrind")
                .args(arguments)
                .arg(program_for_benches("microbench"))
                .args([program, &steps.to_string()])
                .status();
            assert!(status.expect("valgrind").success(), "{program} failed");
        })
    }
}
