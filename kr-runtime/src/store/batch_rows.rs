//! What the commits of a batch come to: the last values under each lock, as rows.

use super::CommitError;
use super::engine::{CommitRecord, LockRecord, RowChange};
use super::group::LockGroup;
use super::group_ref::{GroupHandle, GroupRef};
use super::stored::Unwritable;
use super::stored_counters::CounterKeeper;
use super::version::Values;
use std::collections::HashMap;

/// The rows of a batch.
#[derive(Default)]
pub(super) struct BatchRows {
    pub(super) changes: Vec<RowChange>,
    /// States with counts that cannot be written now, since a change in place has their values.
    pub(super) put_off: Vec<GroupHandle>,
}

impl BatchRows {
    /// The rows that these commits leave, and those of states whose counters were counted.
    ///
    /// # Errors
    /// The number of the first commit that cannot be kept, and why.
    pub(super) fn of<'r>(
        records: impl Iterator<Item = &'r CommitRecord> + Clone,
        counted: &[GroupHandle],
    ) -> Result<Self, (usize, CommitError)> {
        let mut last: HashMap<*const LockGroup, &LockRecord> = HashMap::new();
        for lock in records.clone().flat_map(|record| &record.locks) {
            last.insert(lock.group.group(), lock);
        }
        let mut rows = Self::default();
        rows.changes.reserve(last.len());
        for lock in last.values() {
            match row(&lock.group, lock.revision, &lock.values, Epoch::Next) {
                Ok(change) => rows.changes.extend(change),
                Err(unwritable) => return Err(first_unwritable(records, lock, unwritable)),
            }
        }
        for group in counted {
            let address: *const LockGroup = group.group();
            if last.contains_key(&address) {
                continue;
            }
            let chain = group.group().chain();
            if chain.availability.is_temporary() {
                drop(chain);
                rows.put_off.push(group.clone());
                continue;
            }
            let version = chain.durable();
            let (revision, values) = (version.revision, version.values.clone());
            let is_absent = group.is_instance() && !version.is_committed;
            drop(chain);
            if is_absent {
                continue;
            }
            // It was written before, and its counters are numbers.
            if let Ok(Some(change)) = row(group, revision, &values, Epoch::Durable) {
                rows.changes.push(change);
            }
        }
        Ok(rows)
    }
}

/// Which life of the state a row belongs to.
enum Epoch {
    /// That of the durable version.
    Durable,
    /// That of the next commit.
    Next,
}

/// The row of a lock, if any of its states is kept.
fn row(
    group: &GroupHandle,
    revision: u64,
    values: &Values,
    epoch: Epoch,
) -> Result<Option<RowChange>, Unwritable> {
    let chain = group.group().chain();
    let Some(schema) = chain.schema().filter(|schema| schema.is_kept()).cloned() else {
        return Ok(None);
    };
    let other = chain.other_states();
    let keeper = chain.counter_keeper();
    let epoch = match epoch {
        Epoch::Durable => chain.durable_epoch(),
        Epoch::Next => chain.next_epoch(),
    };
    drop(chain);
    if let Some(keeper) = keeper {
        keeper.clear();
    }
    let row = match values.is_empty() {
        true => None,
        false => Some(CounterKeeper::of(group, || {
            schema.write_row(revision, epoch, values, &other)
        })?),
    };
    if let Some(row) = &row {
        group.set_row_bytes(row.len());
    }
    Ok(Some(RowChange {
        address: group.row_address(),
        revision,
        row,
    }))
}

/// The first commit under that lock whose values cannot be kept. Later ones may have mended that; if not, it is the last one.
fn first_unwritable<'r>(
    records: impl Iterator<Item = &'r CommitRecord>,
    last: &LockRecord,
    unwritable: Unwritable,
) -> (usize, CommitError) {
    let group: *const LockGroup = last.group.group();
    let mut number = 0;
    for (index, record) in records.enumerate() {
        for lock in &record.locks {
            if !std::ptr::eq(lock.group.group(), group) {
                continue;
            }
            number = index;
            if let Err(unwritable) = row(&lock.group, lock.revision, &lock.values, Epoch::Next) {
                return (index, not_storable(unwritable));
            }
        }
    }
    (number, not_storable(unwritable))
}

fn not_storable(Unwritable { state, reason }: Unwritable) -> CommitError {
    CommitError::NotStorable { state, reason }
}
