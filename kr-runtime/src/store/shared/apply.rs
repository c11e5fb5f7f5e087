//! What a store says of a row becomes the durable version of its group.

use crate::store::availability::Availability;
use crate::store::group_ref::{GroupHandle, GroupRef};
use crate::store::instance::Instance;
use crate::store::memory_budget::bytes_of_row;
use crate::store::stored_counters::{FoundCounters, with_reused_counters};
use crate::store::version::{Stamp, Values};
use crate::sync::log;
use std::sync::Arc;

/// What a store says of a row.
pub(crate) enum StoredRow {
    /// It is as it was known to be.
    Unchanged,
    /// There is no value. The revision is the last one that was used under the key.
    Absent(Stamp),
    /// It is this one. With how often it was written for its counters alone.
    Row(Stamp, i64, Vec<u8>),
}

/// When a row was asked for: what was known then.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) known: Option<Stamp>,
    pub(crate) counted: i64,
    generation: u64,
}

impl Asked {
    /// What is known of a group now.
    pub(crate) fn now(group: &GroupHandle) -> Self {
        let chain = group.group().chain();
        Self {
            known: chain.known_stamp(),
            counted: chain.counted(),
            generation: chain.generation(),
        }
    }
}

/// Takes over what the store has said. Returns what it was at that moment. Answers may overtake each other, so one that is
/// older than what is known by now is not taken, unless `is_locked` says that the row cannot have changed since.
pub(crate) fn apply(group: &GroupHandle, asked: Asked, row: StoredRow, is_locked: bool) -> Stamp {
    let (stamp, counted, bytes) = match row {
        StoredRow::Unchanged => {
            return asked.known.unwrap_or(Stamp {
                revision: 0,
                epoch: 0,
            });
        }
        StoredRow::Absent(stamp) => (stamp, 0, None),
        StoredRow::Row(stamp, counted, bytes) => (stamp, counted, Some(bytes)),
    };
    let chain = group.group().chain();
    let (schema, known_counters) = (chain.schema().cloned(), chain.counters());
    drop(chain);
    let schema = schema.expect("a chain with a store has a schema");
    // Values are made outside the mutex: that is the application's code.
    let mut counters = FoundCounters::new();
    let read = bytes.as_deref().map(|bytes| {
        let known = known_counters.into_iter();
        let (read, found) = with_reused_counters(known, || schema.read_row(bytes));
        let read = read?;
        group.keep_found(&found);
        counters = found;
        let rest = match read.values.iter().all(Option::is_some) {
            true => read.values.iter().flatten().cloned().collect(),
            false => values_of_the_rest(group),
        };
        Ok((read, rest))
    });
    let read = match (read, group) {
        (None, GroupHandle::Single(_)) => Some(Err(
            "its row is gone from the store; restore a backup of it".to_owned(),
        )),
        (read, _) => read,
    };
    let mut chain = group.group().chain();
    let is_outdated = chain.generation() != asked.generation;
    if !is_locked && is_outdated && stamp.revision <= chain.durable().revision {
        return stamp;
    }
    if let Some(known) = chain.known_stamp()
        && stamp.revision < known.revision
    {
        log::warn!(
            lock = %group.group().lock.key(),
            known = known.revision,
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
    let is_there = chain.durable().is_committed;
    if let GroupHandle::Instance(instance) = group {
        let length = bytes.as_ref().map_or(0, |bytes| bytes_of_row(bytes.len()));
        let before = chain.set_bytes(length);
        instance.common().change_bytes(before, length);
        if instance.set_persistent(is_there) {
            Instance::set_listed(instance, instance.key(), is_there);
        }
    }
    let revision = chain.durable().revision;
    drop(chain);
    group.group().announce(revision);
    group.group().notify_availability();
    stamp
}

/// The values of those states that a row does not have: transient ones are this process's own.
fn values_of_the_rest(group: &GroupHandle) -> Values {
    let values = group.group().chain().durable().values.clone();
    match values.is_empty() {
        true => group.initial_values(),
        false => values,
    }
}
