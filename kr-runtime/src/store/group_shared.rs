//! Lock groups in a store that other processes use as well.

use super::availability::Availability;
use super::group_ref::{GroupHandle, GroupRef};
use super::group_rows::WeakHandle;
use super::log_entry::{Counted, CountedRow};
use super::memory_budget::bytes_of_row;
use super::shared::{KnownRow, OpenBatch, SharedGroup, StoredRow, WatchedGroup};
use super::stored::RowAddress;
use super::stored_counters::{FoundCounters, with_reused_counters};
use super::version::{Stamp, Values};
use crate::sync::log;
use std::sync::Arc;
use std::time::Instant;

impl SharedGroup for GroupHandle {
    fn id(&self) -> usize {
        Self::id(self)
    }

    fn lock_name(&self) -> String {
        self.group().lock.key().as_str().to_owned()
    }

    fn row_address(&self) -> RowAddress {
        GroupRef::row_address(self)
    }

    fn known(&self) -> KnownRow {
        let chain = self.group().chain();
        KnownRow {
            stamp: chain.known_stamp(),
            counted: chain.counted(),
            generation: chain.generation(),
            at: Instant::now(),
        }
    }

    fn take_over(&self, known: KnownRow, row: StoredRow, is_locked: bool) -> Stamp {
        let (stamp, counted, bytes) = match row {
            StoredRow::Unchanged => {
                self.group().chain().set_asked_at(known.at);
                return known.stamp.unwrap_or(Stamp {
                    revision: 0,
                    epoch: 0,
                });
            }
            StoredRow::Absent(stamp) => (stamp, 0, None),
            StoredRow::Row(stamp, counted, bytes) => (stamp, counted, Some(bytes)),
        };
        let chain = self.group().chain();
        let (schema, known_counters) = (chain.schema().cloned(), chain.counters());
        drop(chain);
        let schema = schema.expect("a chain with a store has a schema");
        // Values are made outside the mutex: that is the application's code.
        let mut counters = FoundCounters::new();
        let read = bytes.as_deref().map(|bytes| {
            let reused = known_counters.into_iter();
            let (read, found) = with_reused_counters(reused, || schema.read_row(bytes));
            let read = read?;
            self.keep_found(&found);
            counters = found;
            let rest = match read.values.iter().all(Option::is_some) {
                true => read.values.iter().flatten().cloned().collect(),
                false => values_of_the_rest(self),
            };
            Ok((read, rest))
        });
        let read = match (read, self) {
            (None, Self::Single(_)) => Some(Err(
                "its row is gone from the store; restore a backup of it".to_owned(),
            )),
            (read, _) => read,
        };
        let mut chain = self.group().chain();
        let is_outdated = chain.generation() != known.generation;
        chain.set_asked_at(known.at);
        if !is_locked && is_outdated && stamp.revision <= chain.durable().revision() {
            return stamp;
        }
        if let Some(before) = chain.known_stamp()
            && stamp.revision < before.revision
        {
            log::warn!(
                lock = %self.group().lock.key(),
                known = before.revision,
                found = stamp.revision,
                "the store has an older value than before: it was restored, or has lost its last changes"
            );
        }
        let availability = match read {
            None => {
                chain.load_absent(stamp);
                chain.available()
            }
            Some(Ok((read, rest))) => {
                chain.load(read, rest);
                chain.set_counted(counted);
                chain.set_counters(counters);
                chain.available()
            }
            Some(Err(reason)) => {
                chain.forget(stamp);
                Availability::Unreadable(Arc::new(reason))
            }
        };
        if !chain.availability.is_temporary() {
            chain.availability = availability;
        }
        let is_there = chain.durable().is_committed();
        if let Self::Instance(instance) = self {
            let length = bytes.as_ref().map_or(0, |bytes| bytes_of_row(bytes.len()));
            let before = chain.set_bytes(length);
            instance.common().change_bytes(before, length);
            if instance.set_persistent(is_there) {
                instance.set_listed(is_there);
            }
        }
        let revision = chain.durable().revision();
        drop(chain);
        self.group().announce(revision);
        self.group().notify_availability();
        stamp
    }

    fn set_open_batch(&self, batch: Option<Arc<OpenBatch>>) {
        self.group().chain().set_open_batch(batch);
    }

    fn is_held(&self) -> bool {
        self.group().lock.is_held()
    }

    fn counted_row(&self) -> Option<CountedRow> {
        let keeper = self.group().chain().counter_keeper();
        let is_dirty = keeper.is_some_and(|keeper| keeper.is_dirty());
        is_dirty.then(|| Counted::row(self))
    }

    fn counters_written(&self, are_written: bool, is_alone: bool) {
        let mut chain = self.group().chain();
        if are_written && is_alone {
            let counted = chain.counted();
            chain.set_counted(counted + 1);
        }
        let keeper = chain.counter_keeper();
        let were_there = chain.counters_written(are_written);
        drop(chain);
        if let Some(keeper) = keeper.filter(|_| were_there && !are_written) {
            keeper.counted();
        }
    }
}

impl WatchedGroup for WeakHandle {
    fn id(&self) -> usize {
        self.upgrade().map_or(0, |group| GroupHandle::id(&group))
    }

    fn group(&self) -> Option<Arc<dyn SharedGroup>> {
        let group = self.upgrade()?;
        let is_followed = group.group().has_subscribers();
        is_followed.then(|| Arc::new(group) as Arc<dyn SharedGroup>)
    }
}

/// The values of those states that a row does not have: transient ones are this process's own.
fn values_of_the_rest(group: &GroupHandle) -> Values {
    let values = group.group().chain().durable().values.clone();
    match values.is_empty() {
        true => group.initial_values(),
        false => values,
    }
}
