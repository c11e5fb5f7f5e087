//! One instance of a keyed state.

use super::backend::StoreCore;
use super::group::LockGroup;
use super::stored::RowAddress;
use super::version::Values;
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What all states of a template are under one key.
pub(crate) struct Instance {
    pub(super) group: LockGroup,
    pub(super) common: Arc<dyn AnyCommon>,
}

/// What the instances of a key space share, whatever the key's type is.
pub(super) trait AnyCommon: Send + Sync {
    fn state_count(&self) -> usize;
    fn store(&self) -> Option<&Arc<StoreCore>>;
    fn row_address(&self, key: &dyn Any) -> RowAddress;
    /// An instance takes up other room than before.
    fn change_bytes(&self, before: usize, after: usize);
    fn initial_values(&self, key: &dyn Any) -> Values;
    fn last_revision(&self) -> &AtomicU64;
    fn set_listed(&self, key: &dyn Any, is_listed: bool);
}

impl Instance {
    pub(super) fn common(&self) -> &dyn AnyCommon {
        &*self.common
    }

    pub(crate) fn row_address(&self, key: &dyn Any) -> RowAddress {
        self.common.row_address(key)
    }

    pub(crate) fn group(&self) -> &LockGroup {
        &self.group
    }

    /// Gives those states that have no value their initial ones.
    pub(crate) fn fill(&self, key: &dyn Any) {
        let count = self.common.state_count();
        self.group.fill(count, || self.initial_values(key));
    }

    pub(crate) fn initial_values(&self, key: &dyn Any) -> Values {
        self.common.initial_values(key)
    }

    /// Says whether the instance is among those that are listed.
    pub(crate) fn set_listed(&self, key: &dyn Any, is_listed: bool) {
        self.common.set_listed(key, is_listed);
    }

    /// No later instance may use that revision again.
    pub(crate) fn retire(&self, revision: u64) {
        let last_revision = self.common.last_revision();
        last_revision.fetch_max(revision, Ordering::AcqRel);
    }
}
