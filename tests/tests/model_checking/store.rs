//! The sources of the store that are of the lock engine: locks by name, and the entries of keyed states with their last use.
//!
//! The locks of this model guard nothing. What they guard in the runtime, the versions of states, is no part of the engine.

#[allow(dead_code, unreachable_pub, missing_docs)]
#[path = "../../../kr-runtime/src/store/entry_ref.rs"]
mod entry_ref;
#[allow(dead_code, unreachable_pub, missing_docs)]
#[path = "../../../kr-runtime/src/store/entry_uses.rs"]
mod entry_uses;
#[allow(dead_code, unreachable_pub, missing_docs)]
#[path = "../../../kr-runtime/src/store/key_map.rs"]
mod key_map;
#[allow(dead_code, unreachable_pub, missing_docs)]
#[path = "../../../kr-runtime/src/store/locks.rs"]
mod locks;
#[allow(dead_code, unreachable_pub, missing_docs)]
#[path = "../../../kr-runtime/src/store/usage.rs"]
mod usage;

pub(crate) use entry_ref::{EntryRef, HasKeyLock};
pub(crate) use key_map::KeyMap;
pub(crate) use locks::Locks;

/// What the locks of this model guard.
type Guarded = ();

/// A lock that guards nothing.
pub(crate) type StateLock = crate::lock::Lock<Guarded>;

/// Such locks, by name.
pub(crate) type StateLocks = crate::lock::Table<Guarded>;
