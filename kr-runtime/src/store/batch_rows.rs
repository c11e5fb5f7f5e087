//! What the commits of a batch come to: the last values under each lock, as rows.

use super::CommitError;
use super::engine::RowChange;
use super::log_entry::{Counted, CountedRow, LockId, LogEntry};
use super::stored::Unwritable;
use std::collections::HashMap;

/// The rows of a batch.
#[derive(Default)]
pub(super) struct BatchRows {
    pub(super) changes: Vec<RowChange>,
    /// States with counts that cannot be written now.
    pub(super) put_off: Vec<Box<dyn Counted>>,
}

impl BatchRows {
    /// The rows that these commits leave.
    ///
    /// # Errors
    /// The number of the first commit that cannot be kept, and why.
    pub(super) fn of(entries: &[LogEntry]) -> Result<Self, (usize, CommitError)> {
        // The last commit under each lock: its number, and the lock's number in it.
        let mut last: HashMap<LockId, (usize, usize)> = HashMap::new();
        for (entry_number, entry) in entries.iter().enumerate() {
            for number in 0..entry.record.locks.len() {
                last.insert(entry.effect.lock_id(number), (entry_number, number));
            }
        }
        let mut changes = Vec::with_capacity(last.len());
        for (lock, (entry_number, number)) in last {
            let entry = &entries[entry_number];
            match entry.effect.row(number, &entry.record.locks[number]) {
                Ok(change) => changes.extend(change),
                Err(unwritable) => return Err(first_unwritable(entries, lock, unwritable)),
            }
        }
        Ok(Self {
            changes,
            put_off: Vec::new(),
        })
    }

    /// Adds the rows of states whose counters were counted, unless a commit of the batch has written them.
    pub(super) fn add_counted(
        &mut self,
        entries: &[LogEntry],
        counted: &mut Vec<Box<dyn Counted>>,
    ) {
        let locks_of = |entry: &LogEntry| {
            let numbers = 0..entry.record.locks.len();
            numbers
                .map(|number| entry.effect.lock_id(number))
                .collect::<Vec<_>>()
        };
        let written: Vec<LockId> = match counted.is_empty() {
            true => return,
            false => entries.iter().flat_map(locks_of).collect(),
        };
        let (done, rest) = std::mem::take(counted)
            .into_iter()
            .partition(|states| written.contains(&states.lock_id()));
        drop::<Vec<_>>(done);
        for states in rest {
            match states.row() {
                CountedRow::Row(change) => {
                    self.changes.push(change);
                    counted.push(states);
                }
                CountedRow::None => {}
                CountedRow::NotNow => self.put_off.push(states),
            }
        }
    }
}

/// The first commit under that lock whose values cannot be kept. Later ones may have mended that; if not, it is the last one.
fn first_unwritable(
    entries: &[LogEntry],
    lock: LockId,
    unwritable: Unwritable,
) -> (usize, CommitError) {
    let mut last = 0;
    for (entry_number, entry) in entries.iter().enumerate() {
        for (number, record) in entry.record.locks.iter().enumerate() {
            if entry.effect.lock_id(number) != lock {
                continue;
            }
            last = entry_number;
            if let Err(unwritable) = entry.effect.row(number, record) {
                return (entry_number, not_storable(unwritable));
            }
        }
    }
    (last, not_storable(unwritable))
}

fn not_storable(Unwritable { state, reason }: Unwritable) -> CommitError {
    CommitError::NotStorable { state, reason }
}
