//! The rows of lock groups, and their counters.

use super::StateLock;
use super::engine::RowChange;
use super::entry_ref::WeakEntryRef;
use super::group::LockGroup;
use super::group_ref::{GroupHandle, GroupRef};
use super::instance::Instance;
use super::log_entry::{Counted, CountedRow, LockId};
use super::shared::lock_rows;
use super::stored::Unwritable;
use super::stored_counters::{CounterKeeper, FoundCounters, with_all_counters, with_counters};
use super::version::Values;
use crate::lock::{CallSite, LockError, LockRequest, WaitPolicy, acquire};
use futures_util::future::{BoxFuture, FutureExt};
use std::slice;
use std::sync::{Arc, Weak};

impl GroupHandle {
    /// Tells the group from all others.
    pub(super) fn id(&self) -> LockId {
        std::ptr::from_ref(self.group()) as usize
    }

    /// The row that the next commit leaves.
    pub(super) fn next_row(
        &self,
        revision: u64,
        values: &Values,
    ) -> Result<Option<RowChange>, Unwritable> {
        let epoch = self.group().chain().next_epoch();
        self.row(revision, epoch, values)
    }

    /// The row of these values, if any of the states is kept.
    fn row(
        &self,
        revision: u64,
        epoch: u64,
        values: &Values,
    ) -> Result<Option<RowChange>, Unwritable> {
        let chain = self.group().chain();
        let schema = chain.schema().filter(|schema| schema.is_kept()).cloned();
        let Some(schema) = schema else {
            return Ok(None);
        };
        let other = chain.other_states();
        let (keeper, is_shared) = (chain.counter_keeper(), chain.is_shared());
        drop(chain);
        if let Some(keeper) = keeper {
            keeper.clear();
        }
        let row = match values.is_empty() {
            true => None,
            false => {
                let write = || schema.write_row(revision, epoch, values, &other);
                Some(match is_shared {
                    false => self.keep_counters(write)?,
                    true => {
                        let (row, counters) = with_all_counters(write);
                        self.keep_found(&counters);
                        self.group().chain().set_counters_to_write(counters);
                        row?
                    }
                })
            }
        };
        if let Some(row) = &row {
            self.set_row_bytes(row.len());
        }
        Ok(Some(RowChange {
            address: self.row_address(),
            revision,
            row,
        }))
    }

    /// Runs `work`, which writes or reads the states, and sees to it that their counters are kept from now on.
    pub(super) fn keep_counters<R>(&self, work: impl FnOnce() -> R) -> R {
        let (result, counters) = with_counters(work);
        self.keep_found(&counters);
        result
    }

    /// Sees to it that counters which were found are kept from now on.
    pub(super) fn keep_found(&self, counters: &FoundCounters) {
        if let Some(keeper) = (!counters.is_empty())
            .then(|| self.counter_keeper())
            .flatten()
        {
            let are_new = counters.iter().map(|(number, _)| number.keep(&keeper));
            // What was counted in between was not told.
            if are_new.fold(false, |any, is_new| any | is_new) {
                keeper.counted();
            }
        }
    }

    /// What tells the store of counts.
    fn counter_keeper(&self) -> Option<Arc<CounterKeeper>> {
        let mut chain = self.group().chain();
        if let Some(keeper) = chain.counter_keeper() {
            return Some(keeper);
        }
        let journal = Arc::downgrade(chain.journal()?);
        let group = self.downgrade();
        let keeper = CounterKeeper::new(move || {
            if let (Some(group), Some(journal)) = (group.upgrade(), journal.upgrade()) {
                journal.counted(Box::new(group));
            }
        });
        chain.set_counter_keeper(Arc::clone(&keeper));
        Some(keeper)
    }

    pub(super) fn downgrade(&self) -> WeakHandle {
        match self {
            Self::Single(group) => WeakHandle::Single(Arc::downgrade(group)),
            Self::Instance(entry) => WeakHandle::Instance(entry.downgrade()),
        }
    }
}

/// A handle that keeps nothing in memory.
pub(crate) enum WeakHandle {
    Single(Weak<LockGroup>),
    Instance(WeakEntryRef<Instance>),
}

impl WeakHandle {
    pub(super) fn upgrade(&self) -> Option<GroupHandle> {
        match self {
            Self::Single(group) => group.upgrade().map(GroupHandle::Single),
            Self::Instance(entry) => entry.upgrade().map(GroupHandle::Instance),
        }
    }
}

impl Counted for GroupHandle {
    fn lock_id(&self) -> LockId {
        self.id()
    }

    fn take_rows(&self) -> BoxFuture<'static, Result<(), LockError>> {
        let group = self.clone();
        async move {
            let keeper = group.group().chain().counter_keeper();
            if keeper.is_none_or(|keeper| !keeper.is_dirty()) {
                return Ok(());
            }
            let mut policy = WaitPolicy::OF_LOCK;
            let request = LockRequest::short(CallSite::here());
            let lock: &StateLock = &group.group().lock;
            let held = acquire(lock, request, &mut policy).await?;
            let rows = lock_rows(slice::from_ref(&group), false, &mut policy).await?;
            drop((held, rows));
            Ok(())
        }
        .boxed()
    }

    fn row(&self) -> CountedRow {
        let chain = self.group().chain();
        if chain.availability.is_temporary() {
            return CountedRow::NotNow;
        }
        let version = chain.durable();
        let (revision, values) = (version.revision(), version.values.clone());
        let (epoch, is_committed) = (chain.durable_epoch(), version.is_committed());
        drop(chain);
        if self.is_instance() && !is_committed {
            return CountedRow::None;
        }
        // It was written before, and its counters are numbers.
        match self.row(revision, epoch, &values) {
            Ok(Some(change)) => CountedRow::Row(change),
            Ok(None) | Err(_) => CountedRow::None,
        }
    }
}
