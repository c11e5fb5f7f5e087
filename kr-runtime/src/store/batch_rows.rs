//! What the commits of a batch come to: the last values under each lock, as rows.

use super::CommitError;
use super::engine::RowChange;
use super::log_entry::{Counted, CountedRow, LockId, LogEntry};
use super::stored::Unwritable;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

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
        let mut last = HashMap::<LockId, (usize, usize), BuildHasherDefault<LockHasher>>::default();
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

/// Mixes the bits of a number that nobody outside chooses.
#[derive(Default)]
struct LockHasher(u64);

impl Hasher for LockHasher {
    fn write_usize(&mut self, lock: LockId) {
        // The high bits of the product depend on all bits of the number, and a map begins with the low ones.
        self.0 = (lock as u64)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .swap_bytes();
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
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
