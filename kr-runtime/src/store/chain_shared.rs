//! The versions of a lock's states in a store that other processes change as well.

use super::availability::{Availability, Unavailable};
use super::chain::Chain;
use super::shared::{OpenBatch, SharedStore};
use super::stored_counters::{FoundCounters, Number};
use super::version::{Stamp, Values, Version};
use std::mem;
use std::sync::Arc;
use std::time::Instant;

impl Chain {
    /// Whether other processes change the states as well.
    pub(crate) fn is_shared(&self) -> bool {
        self.shared_store().is_some()
    }

    /// The length of the lock's key, in bytes, if no store keeps such a long one.
    pub(super) fn key_too_long(&self) -> Option<usize> {
        match self.availability {
            Availability::KeyTooLong(length) => Some(length),
            _ => None,
        }
    }

    /// The store, if other processes change the states as well.
    pub(crate) fn shared_store(&self) -> Option<&Arc<dyn SharedStore>> {
        self.journal()?.shared()
    }

    /// That all values can be had.
    pub(super) fn available(&self) -> Availability {
        match self.is_shared() {
            true => Availability::Shared,
            false => Availability::Available,
        }
    }

    /// What the row of a shared store was when it was read or written last; `None` if it was not.
    pub(crate) fn known_stamp(&self) -> Option<Stamp> {
        self.pending.as_ref()?.shared.known
    }

    /// When a shared store was asked last, as far as it has answered.
    pub(crate) fn asked_at(&self) -> Option<Instant> {
        self.pending.as_ref()?.shared.asked_at
    }

    pub(super) fn set_asked_at(&mut self, asked: Instant) {
        if let Some(pending) = &mut self.pending {
            let before = &mut pending.shared.asked_at;
            *before = Some(before.map_or(asked, |before| before.max(asked)));
        }
    }

    /// How often the row of a shared store was written for its counters alone.
    pub(super) fn counted(&self) -> i64 {
        let pending = self.pending.as_ref();
        pending.map_or(0, |pending| pending.shared.counted)
    }

    pub(super) fn set_counted(&mut self, counted: i64) {
        if let Some(pending) = &mut self.pending {
            pending.shared.counted = counted;
        }
    }

    /// The counters in the durable values of a shared store.
    pub(super) fn counters(&self) -> Vec<Arc<Number>> {
        let pending = self.pending.as_ref();
        pending.map_or_else(Vec::new, |pending| pending.shared.counters.clone())
    }

    /// These counters were read from a shared store.
    pub(super) fn set_counters(&mut self, counters: FoundCounters) {
        if let Some(pending) = &mut self.pending {
            let counters = counters.into_iter().map(|(counter, number)| {
                counter.rebase(number);
                counter
            });
            pending.shared.counters = counters.collect();
        }
    }

    /// These counters are about to be written to a shared store.
    pub(super) fn set_counters_to_write(&mut self, counters: FoundCounters) {
        if let Some(pending) = &mut self.pending {
            pending.shared.to_write = counters;
        }
    }

    /// The counters that were to be written are, or are not. Returns whether there were any.
    pub(super) fn counters_written(&mut self, are_written: bool) -> bool {
        let Some(pending) = &mut self.pending else {
            return false;
        };
        let counters = mem::take(&mut pending.shared.to_write);
        let are_there = !counters.is_empty();
        if are_written && are_there {
            let counters = counters.into_iter().map(|(counter, number)| {
                counter.written(number);
                counter
            });
            pending.shared.counters = counters.collect();
        }
        are_there
    }

    /// Whether the durable version is that of a shared store which this is.
    pub(crate) fn is_known_as(&self, stamp: Stamp) -> bool {
        self.known_stamp() == Some(stamp)
    }

    /// How often the durable version of a shared store has changed.
    pub(super) fn generation(&self) -> u64 {
        let pending = self.pending.as_ref();
        pending.map_or(0, |pending| pending.shared.generation)
    }

    /// The batch of a shared store that holds the row.
    pub(super) fn open_batch(&self) -> Option<&Arc<OpenBatch>> {
        self.pending.as_ref()?.shared.batch.as_ref()
    }

    /// Says which batch of a shared store holds the row from now on.
    pub(super) fn set_open_batch(&mut self, batch: Option<Arc<OpenBatch>>) {
        if let Some(pending) = &mut self.pending {
            pending.shared.batch = batch;
        }
    }

    /// A shared store has no value.
    pub(super) fn load_absent(&mut self, stamp: Stamp) {
        let revision = self.durable.revision().max(stamp.revision);
        self.durable = Version::committed(revision, Values::new());
        if let Some(pending) = &mut self.pending {
            pending.durable_epoch = stamp.epoch;
            pending.other = Arc::default();
            if pending.versions.is_empty() {
                pending.last_revision = revision;
            }
        }
        self.set_known(stamp);
    }

    /// A shared store has a value that cannot be read.
    pub(super) fn forget(&mut self, stamp: Stamp) {
        self.set_known(stamp);
        if let Some(pending) = &mut self.pending {
            // It is sent again.
            pending.shared.known = None;
            pending.last_revision = pending.last_revision.max(stamp.revision);
        }
    }

    pub(super) fn set_known(&mut self, stamp: Stamp) {
        if let Some(pending) = &mut self.pending {
            pending.shared.known = Some(stamp);
            pending.shared.generation += 1;
        }
    }

    /// As [`unavailable`](Self::unavailable), for a reader that has asked a shared store, or takes what is known.
    pub(crate) fn unavailable_as_known(&self, index: usize) -> Option<Unavailable> {
        match self.availability {
            Availability::Available | Availability::Shared => None,
            _ => self.availability.of(index),
        }
    }

    /// As [`unavailable_to_writer`](Self::unavailable_to_writer), for who has the row of a shared store.
    pub(crate) fn unavailable_to_row_holder(&self, index: usize) -> Option<Unavailable> {
        match self.availability.of(index)? {
            Unavailable::Shared => None,
            Unavailable::Temporarily if self.head_status().is_some() => None,
            unavailable => Some(unavailable),
        }
    }

    /// What could not be read in a shared store may have been mended by another process.
    pub(super) fn or_shared(&self, unavailable: Unavailable) -> Unavailable {
        match unavailable {
            Unavailable::Unreadable(_) if self.is_shared() => Unavailable::Shared,
            unavailable => unavailable,
        }
    }
}
