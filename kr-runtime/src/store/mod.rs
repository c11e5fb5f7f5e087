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

mod attach;
mod availability;
mod backend;
mod batch_rows;
mod batch_writer;
mod chain;
#[cfg_attr(
    not(feature = "postgres"),
    allow(dead_code, reason = "a shared store uses it")
)]
mod chain_shared;
mod commit;
mod commit_status;
mod counter;
pub mod engine;
mod entry_ref;
mod entry_uses;
mod error;
#[cfg(feature = "file")]
mod file;
mod from_env;
mod gathering;
mod group;
mod group_ref;
mod group_rows;
#[cfg_attr(
    not(feature = "postgres"),
    allow(dead_code, reason = "a shared store uses it")
)]
mod group_shared;
mod instance;
#[cfg(feature = "operations")]
mod instance_list;
mod instance_load;
mod journal;
mod key_index;
mod key_list;
mod key_map;
mod key_space;
mod key_space_common;
#[cfg(feature = "operations")]
mod listed_instances;
mod locks;
mod log_entry;
mod memory_budget;
#[cfg(feature = "postgres")]
mod postgres;
mod read_threads;
mod response_record;
mod response_table;
mod responses;
#[cfg_attr(
    not(feature = "postgres"),
    allow(dead_code, reason = "a shared store uses it")
)]
mod shared;
mod state_lock_ref;
#[cfg(feature = "operations")]
mod store_check;
mod store_error;
#[cfg(feature = "operations")]
mod store_status;
mod stored;
mod stored_counters;
#[cfg(feature = "operations")]
mod stored_cut;
mod transfer;
mod usage;
mod version;
#[cfg(not(feature = "file"))]
mod without_file;

pub(crate) use attach::{SingleToStore, attach_singles};
pub(crate) use availability::{Availability, Damage, Unavailable};
pub(crate) use backend::StoreCore;
pub use backend::{Durable, Store, Volatile};
pub(crate) use chain::Chain;
pub(crate) use commit::{
    PendingCommit, Receipt, Repairs, commit, commit_and_release, commit_response,
};
pub(crate) use commit_status::{Bases, CommitStatus, Durability};
pub use counter::{Counter, CounterField, CounterOverflow, Counters};
pub(crate) use counter::{CounterGetter, with_new_counters};
pub(crate) use entry_ref::EntryRef;
#[cfg(feature = "operations")]
pub(crate) use entry_ref::WeakEntryRef;
pub use error::{CommitError, ReadError, UpdateError};
#[cfg(feature = "file")]
pub use file::{FailedSyncs, FileOptions};
pub(crate) use group::{ChainGuard, GroupLock, LockGroup};
pub(crate) use group_ref::{GroupHandle, GroupRef};
pub(crate) use instance::Instance;
#[cfg(feature = "operations")]
pub(crate) use instance_list::{Found, InstanceList};
pub(crate) use key_list::{KeyPage, Listed};
pub(crate) use key_space::{AnyKeySpace, KeySpace};
pub(crate) use key_space_common::InitialValue;
pub(crate) use locks::statuses;
pub use locks::{LockGuard, Locks};
#[cfg(feature = "postgres")]
pub use postgres::PostgresOptions;
pub(crate) use response_record::Hash;
pub(crate) use response_table::ResponseLimits;
pub(crate) use responses::{Claim, KeptResponse, Responses, RunningCall};
pub(crate) use shared::{RowLocks, lock_rows, refresh};
pub(crate) use state_lock_ref::StateLockRef;
pub use store_error::StoreError;
pub(crate) use stored::Codec;
pub(crate) use stored::Upgrade;
#[cfg(feature = "operations")]
pub(crate) use stored::check_json;
pub use stored::{Storage, upgraded};
#[cfg(feature = "operations")]
pub(crate) use stored_cut::StoredCut;
pub use transfer::{Progress, SpaceSummary};
#[cfg(feature = "operations")]
pub(crate) use transfer::{key_from_json, key_to_json};
pub(crate) use usage::{Due, InstanceLimits, Usage};
pub use version::{Stamp, downcast};
pub(crate) use version::{Value, Values, Version, placeholder};

/// What the locks of states guard.
type Guarded = Chain;

/// A lock that guards the states of one group.
pub(crate) type StateLock = crate::lock::Lock<Guarded>;

/// The locks of states, by name.
pub(crate) type StateLocks = crate::lock::Table<Guarded>;
