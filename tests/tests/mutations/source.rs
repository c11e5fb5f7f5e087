//! Where the mutated code is: every path into the sources that this suite knows.

use std::fs;
use std::path::Path;

pub(crate) const ENGINE: &str = "kr-runtime/src/locks/mod.rs";
pub(crate) const LINE: &str = "kr-runtime/src/locks/line.rs";
pub(crate) const POOL: &str = "kr-runtime/src/locks/pool.rs";
pub(crate) const REGISTRY: &str = "kr-runtime/src/locks/registry.rs";
pub(crate) const DRAFT: &str = "kr-runtime/src/draft.rs";
pub(crate) const FAMILY: &str = "kr-runtime/src/family.rs";
pub(crate) const ONE: &str = "kr-runtime/src/one.rs";
pub(crate) const PIPELINE: &str = "kr-runtime/src/pipeline.rs";
pub(crate) const PLAN: &str = "kr-runtime/src/plan.rs";

/// What the copy of the workspace consists of.
pub(crate) const WORKSPACE: [&str; 7] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "kr-macros",
    "kr-runtime",
    "examples",
    "tests",
];

/// The test targets that have to catch the mutations.
pub(crate) const SUITES: [&str; 5] = [
    "model_checking",
    "locks",
    "linearizability",
    "stress",
    "guarantees",
];

pub(crate) fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The text of a file without mutations.
pub(crate) fn original(file: &str) -> String {
    fs::read_to_string(workspace().join(file)).expect("a source file")
}

/// Whether there is a test of that name: its suite and its path, such as `locks fifo::a_cancelled_waiter_moves_up`.
pub(crate) fn has_test(name: &str) -> bool {
    let Some((suite, path)) = name.split_once(' ') else {
        return false;
    };
    let Some((module, function)) = path.rsplit_once("::") else {
        return false;
    };
    let module = workspace()
        .join("tests/tests")
        .join(suite)
        .join(module.replace("::", "/"));
    let files = [module.with_extension("rs"), module.join("mod.rs")];
    let text: String = files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok())
        .collect();
    text.contains(&format!("fn {function}()"))
}
