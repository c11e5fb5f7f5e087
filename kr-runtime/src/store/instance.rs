//! One instance of a keyed state.

use super::StateLock;
use super::StateLocks;
use super::backend::StoreCore;
use super::chain::Chain;
use super::entry_ref::{EntryRef, HasKeyLock};
use super::group::LockGroup;
use super::stored::RowAddress;
use super::version::Values;
use crate::lock::{Key, WaitLimits};
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What all states of a template are under one key.
pub(crate) struct Instance {
    pub(super) group: LockGroup,
}

/// What the instances of a key space share, whatever the key's type is.
pub(crate) trait AnyCommon: Send + Sync {
    fn state_count(&self) -> usize;
    fn store(&self) -> Option<&Arc<StoreCore>>;
    fn row_address(&self, key: &dyn Any) -> RowAddress;
    /// An instance takes up other room than before.
    fn change_bytes(&self, before: usize, after: usize);
    fn initial_values(&self, key: &dyn Any) -> Values;
    fn last_revision(&self) -> &AtomicU64;
    fn set_listed(&self, key: &dyn Any, is_listed: bool);
    fn lock_key(&self, key: &dyn Any) -> Key;
    fn locks(&self) -> &Arc<StateLocks>;
}

impl HasKeyLock for Instance {
    type Guarded = Chain;
    type Common = dyn AnyCommon;

    fn lock(&self) -> &StateLock {
        &self.group.lock
    }

    fn lock_key(common: &dyn AnyCommon, key: &dyn Any) -> Key {
        common.lock_key(key)
    }

    fn lock_limits(common: &dyn AnyCommon) -> WaitLimits {
        common.locks().limits()
    }

    fn on_drop(&self, common: &dyn AnyCommon) {
        let bytes = self.group.chain().bytes();
        if bytes > 0 {
            common.change_bytes(bytes, 0);
        }
    }
}

impl Instance {
    pub(crate) fn group(&self) -> &LockGroup {
        &self.group
    }
}

impl EntryRef<Instance> {
    /// Gives those states that have no value their initial ones.
    pub(super) fn fill(&self) {
        let count = self.common().state_count();
        self.group().fill(count, || self.initial());
    }

    /// The initial values of all states.
    pub(super) fn initial(&self) -> Values {
        self.common().initial_values(self.key())
    }

    /// Says whether the instance is among those that are listed.
    pub(super) fn set_listed(&self, is_listed: bool) {
        self.common().set_listed(self.key(), is_listed);
    }

    /// No later instance may use that revision again.
    pub(crate) fn retire(&self, revision: u64) {
        let last_revision = self.common().last_revision();
        last_revision.fetch_max(revision, Ordering::AcqRel);
    }
}
