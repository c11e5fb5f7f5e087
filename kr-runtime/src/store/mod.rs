//! Where committed values live: the versions of each lock's states, how a commit becomes one, and what keeps them.
//!
//! [`LockGroup`] is a lock with the states that it guards, and [`chain`] their versions: the durable one that readers see
//! and the newest one that the next writer starts from. [`commit()`] is the one place where a value is committed. With
//! [`Store::memory`] that is all; any other store is an [`Engine`](engine::Engine) behind a [`journal`], which writes the
//! commits that wait in batches and then makes them visible.
//!
//! A new store is a new engine: nothing above this room knows where a value lives or when it becomes durable.
//!
//! Uses `sync` and `lock`. Never knows a type of state, a handler or HTTP: values are `Arc<dyn Any>`.

mod availability;
mod backend;
mod chain;
mod commit;
mod commit_status;
mod counter;
pub mod engine;
mod error;
mod group;
mod group_ref;
mod journal;
mod key_index;
mod key_map;
mod key_space;
mod locks;
mod responses;
mod usage;
mod version;

pub(crate) use availability::{Availability, Damage, Unavailable};
pub use backend::Store;
pub(crate) use chain::Chain;
pub(crate) use commit::{
    PendingCommit, Receipt, Repairs, commit, commit_and_release, commit_response,
};
pub(crate) use commit_status::{Bases, CommitStatus, Durability};
pub use counter::{Counter, CounterField, CounterOverflow, Counters};
pub(crate) use counter::{CounterGetter, with_new_counters};
pub use error::{CommitError, ReadError, UpdateError};
pub(crate) use group::{ChainGuard, GroupLock, LockGroup};
pub(crate) use group_ref::{GroupHandle, GroupRef, StateLockRef};
pub(crate) use journal::Journal;
pub(crate) use key_map::EntryRef;
pub(crate) use key_space::{AnyKeySpace, InitialValue, Instance, KeySpace};
pub(crate) use locks::statuses;
pub use locks::{LockGuard, Locks};
pub(crate) use responses::{Claim, Hash, KeptResponse, ResponseLimits, Responses, RunningCall};
pub(crate) use usage::{InstanceLimits, Usage};
pub use version::downcast;
pub(crate) use version::{Value, Values, Version, placeholder};

/// What the locks of states guard.
type Guarded = Chain;

/// A lock that guards the states of one group.
pub(crate) type StateLock = crate::lock::Lock<Guarded>;

/// The locks of states, by name.
pub(crate) type StateLocks = crate::lock::Table<Guarded>;
