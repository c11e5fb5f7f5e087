//! What one call does to shared state, from its locks to its commit or roll-back.
//!
//! The order is the same for every call: acquire the locks, load the newest values, run on drafts, commit, release, and
//! wait until the commit is durable; only then is there a response. [`Transaction`] does it for any number of states,
//! [`single_state`] for the commonest case, one state changed by code. [`commit_rule`] says what rolls back.
//!
//! Uses `lock` and `store`. Never knows a type of state, a host or HTTP.

mod access_plan;
mod active;
mod arguments;
mod closure_result;
mod commit_rule;
mod in_place;
mod optional;
mod reading;
mod run;
mod single_state;
mod update;
mod views;

#[cfg(feature = "operations")]
pub(crate) use access_plan::Access;
pub(crate) use access_plan::{AccessMode, AccessPlan, OptionalDraft};
pub(crate) use active::{RunIn, Transaction};
pub(crate) use arguments::ArgumentIter;
pub use arguments::Arguments;
pub use closure_result::{NotResult, NotUpdate, UpdateOutcome};
pub(crate) use commit_rule::Decision;
pub use commit_rule::{
    AlwaysCommits, CommitDecision, CommitsUnlessErr, DecidesInResult, DecidesInUpdate,
    HandlerOutput, NeverRollsBack, RollBackProbe, handler_output,
};
pub(crate) use reading::Revisions;
pub(crate) use run::{update, update_blocking};
pub(crate) use single_state::{SingleState, update_if_changed, update_one};
pub use update::Update;
pub(crate) use views::{ViewList, Views};
