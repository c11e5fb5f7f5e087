//! Where the mutated code is: every path into the sources that this suite knows.

use std::fs;
use std::path::Path;

pub(crate) const NAMED_LOCK: &str = "kr-runtime/src/lock/named_lock.rs";
pub(crate) const QUEUE: &str = "kr-runtime/src/lock/queue.rs";
pub(crate) const TABLE: &str = "kr-runtime/src/lock/table.rs";
pub(crate) const CHAIN: &str = "kr-runtime/src/store/chain.rs";
pub(crate) const COMMIT: &str = "kr-runtime/src/store/commit.rs";
pub(crate) const GROUP_REF: &str = "kr-runtime/src/store/group_ref.rs";
pub(crate) const BATCH_WRITER: &str = "kr-runtime/src/store/batch_writer.rs";
pub(crate) const ENTRY_USES: &str = "kr-runtime/src/store/entry_uses.rs";
pub(crate) const RESPONSES: &str = "kr-runtime/src/store/responses.rs";
pub(crate) const EVICTION: &str = "kr-runtime/src/state/eviction.rs";
pub(crate) const LOCKS: &str = "kr-runtime/src/store/locks.rs";
pub(crate) const ACCESS_PLAN: &str = "kr-runtime/src/transaction/access_plan.rs";
pub(crate) const READING: &str = "kr-runtime/src/transaction/reading.rs";
pub(crate) const POSTGRES_TRANSACTION: &str = "kr-runtime/src/store/postgres/transaction.rs";
pub(crate) const SETTLE: &str = "kr-runtime/src/store/postgres/settle.rs";
pub(crate) const GET_OR_INIT: &str = "kr-runtime/src/state/get_or_init.rs";
pub(crate) const SUBSCRIPTION: &str = "kr-runtime/src/state/subscription.rs";
pub(crate) const COMMIT_RULE: &str = "kr-runtime/src/transaction/commit_rule.rs";
pub(crate) const RUN: &str = "kr-runtime/src/transaction/run.rs";
pub(crate) const SINGLE_STATE: &str = "kr-runtime/src/transaction/single_state.rs";
pub(crate) const TRANSACTION: &str = "kr-runtime/src/transaction/active.rs";
pub(crate) const CLOSURE_RESULT: &str = "kr-runtime/src/transaction/closure_result.rs";
pub(crate) const STOP_TOKEN: &str = "kr-runtime/src/http/stop_token.rs";
pub(crate) const STOP_HOOKS: &str = "kr-runtime/src/app/stop/hooks.rs";
pub(crate) const SERVICE: &str = "kr-runtime/src/app/serve/service.rs";
pub(crate) const BOUND_HANDLER: &str = "kr-runtime/src/http/bound_handler.rs";
pub(crate) const BACKGROUND_TASK: &str = "kr-runtime/src/app/tasks/background_task.rs";
pub(crate) const FEEDS: &str = "kr-runtime/src/http/live/feeds.rs";
pub(crate) const KEY_INDEX: &str = "kr-runtime/src/store/key_index.rs";
pub(crate) const LISTENER: &str = "kr-runtime/src/http/live/listener.rs";
pub(crate) const OPTIONAL: &str = "kr-runtime/src/transaction/optional.rs";
pub(crate) const PRODUCER: &str = "kr-runtime/src/http/live/producer.rs";
pub(crate) const RESOLVE: &str = "kr-runtime/src/http/resolve.rs";
pub(crate) const ROUTER: &str = "kr-runtime/src/app/router.rs";
pub(crate) const PRECONDITION: &str = "kr-runtime/src/http/precondition.rs";
pub(crate) const PIPELINE: &str = "kr-runtime/src/http/pipeline.rs";
pub(crate) const WRITE_CALL: &str = "kr-runtime/src/http/write_call.rs";
pub(crate) const WRITE_ETAG: &str = "kr-runtime/src/http/write_etag.rs";

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
pub(crate) const SUITES: [&str; 7] = [
    "model_checking",
    "locks",
    "linearizability",
    "stress",
    "guarantees",
    "app",
    "postgres",
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
