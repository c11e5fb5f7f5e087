//! The faults: what each one changes, and which tests catch it.

mod cached_responses;
mod collection;
mod commit;
mod granting;
mod leaks;

/// A fault that lock engines are known to have had.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) edits: &'static [Edit],
    /// Each by its suite and name.
    pub(crate) caught_by: &'static [&'static str],
}

/// A change of the source: `find` is there once.
pub(crate) struct Edit {
    pub(crate) file: &'static str,
    pub(crate) find: &'static str,
    pub(crate) replace: &'static str,
}

const ENGINE: &str = "kr-runtime/src/locks/mod.rs";
const LINE: &str = "kr-runtime/src/locks/line.rs";
const POOL: &str = "kr-runtime/src/locks/pool.rs";
const REGISTRY: &str = "kr-runtime/src/locks/registry.rs";
const DRAFT: &str = "kr-runtime/src/draft.rs";
const FAMILY: &str = "kr-runtime/src/family.rs";
const ONE: &str = "kr-runtime/src/one.rs";
const PIPELINE: &str = "kr-runtime/src/pipeline.rs";
const PLAN: &str = "kr-runtime/src/plan.rs";

pub(crate) fn all() -> impl Iterator<Item = &'static Fault> {
    [
        cached_responses::FAULTS,
        collection::FAULTS,
        leaks::FAULTS,
        commit::FAULTS,
        granting::FAULTS,
    ]
    .into_iter()
    .flatten()
}
