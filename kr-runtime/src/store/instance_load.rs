//! Instances of keyed states come from the store when they are asked for, and leave memory when nobody uses them.

use super::availability::Availability;
use super::backend::StoreCore;
use super::engine::RowError;
use super::entry_ref::EntryRef;
use super::group_ref::{GroupHandle, GroupRef};
use super::instance::Instance;
use super::memory_budget::bytes_of_row;
use super::version::Values;
use std::sync::Arc;

impl EntryRef<Instance> {
    /// Asks the store for the values. Until they are there, nobody reads or changes them.
    pub(super) fn start_loading(&self) {
        let Some(store) = self.common().store().cloned() else {
            return;
        };
        let loading = self.clone();
        if let Some(reading) = &store.reading {
            // The threads do not keep the store.
            let store = Arc::downgrade(&store);
            reading.threads.spawn(move || {
                if let Some(store) = store.upgrade() {
                    loading.load(&store);
                }
            });
        }
    }

    /// Loads the values, which may wait for the disk.
    fn load(&self, store: &StoreCore) {
        let Some(reading) = &store.reading else {
            return;
        };
        let row = reading.reader.row(&self.row_address());
        let read = row.and_then(|row| {
            let Some(row) = row else { return Ok(None) };
            let schema = self.group().chain().schema().cloned();
            let schema = schema.expect("a chain with a store has a schema");
            let group = GroupHandle::Instance(self.clone());
            let read = group.keep_counters(|| schema.read_row(&row));
            let read = read.map_err(RowError::Damaged)?;
            // The functions are the user's, and must not run under the lock.
            let initial = match read.values.iter().all(Option::is_some) {
                true => read.values.iter().flatten().cloned().collect(),
                false => self.initial(),
            };
            Ok(Some((read, initial, row.len())))
        });
        let mut chain = self.group().chain();
        chain.availability = Availability::Available;
        match read {
            Ok(None) => {}
            Ok(Some((read, initial, length))) => {
                chain.load(read, initial);
                let before = chain.set_bytes(bytes_of_row(length));
                self.common().change_bytes(before, bytes_of_row(length));
                if self.set_persistent(true) {
                    self.set_listed(true);
                }
            }
            Err(RowError::Damaged(reason)) => {
                chain.availability = Availability::Unreadable(reason.into());
            }
            // It is asked for again as soon as nobody has it.
            Err(RowError::Unavailable(reason)) => {
                chain.availability = Availability::Unreachable(reason.into());
            }
        }
        let revision = chain.durable().revision();
        self.set_ready();
        drop(chain);
        self.group().announce(revision);
        self.group().notify_availability();
    }

    /// Its row has got another length.
    pub(super) fn set_bytes_of_row(&self, length: usize) {
        let after = bytes_of_row(length);
        let before = self.group().chain().set_bytes(after);
        self.common().change_bytes(before, after);
    }

    /// Lets an instance leave memory, unless it is in use. Returns whether that is so.
    pub(crate) fn unload(self) -> bool {
        if self.is_shared() || self.group().lock.holder().is_some() {
            return false;
        }
        let chain = self.group().chain();
        let is_dirty = chain
            .counter_keeper()
            .is_some_and(|keeper| keeper.is_dirty());
        let is_read = |values: &Values| values.iter().any(|value| Arc::strong_count(value) > 1);
        let is_in_use = chain.is_pending()
            || is_dirty
            || !matches!(
                chain.availability,
                Availability::Available | Availability::Shared | Availability::KeyTooLong(_)
            )
            || chain.open_batch().is_some()
            || is_read(&chain.durable().values);
        if is_in_use {
            return false;
        }
        if self.set_persistent(false) {
            self.set_listed(false);
        }
        drop(chain);
        true
    }
}
