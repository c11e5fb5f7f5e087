//! What the instances of keyed states that a store has kept may take up in memory.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Unless the application says otherwise.
const DEFAULT: usize = 64 * 1024 * 1024;

/// A limit on memory, and what is in use. Both are estimates: twice the length of a row, and what goes with each.
#[derive(Debug)]
pub(crate) struct MemoryBudget {
    limit: AtomicUsize,
    used: AtomicUsize,
}

impl Default for MemoryBudget {
    fn default() -> Self {
        Self {
            limit: AtomicUsize::new(DEFAULT),
            used: AtomicUsize::new(0),
        }
    }
}

impl MemoryBudget {
    pub(crate) fn set_limit(&self, bytes: usize) {
        self.limit.store(bytes, Ordering::Relaxed);
    }

    /// What a row takes up in memory takes other room than before.
    pub(super) fn change(&self, before: usize, after: usize) {
        match after >= before {
            true => self.used.fetch_add(after - before, Ordering::Relaxed),
            false => self.used.fetch_sub(before - after, Ordering::Relaxed),
        };
    }

    pub(super) fn is_exceeded(&self) -> bool {
        self.used.load(Ordering::Relaxed) > self.limit.load(Ordering::Relaxed)
    }
}

/// About what the instance of a row takes up in memory: its values, and what each instance has.
pub(super) fn bytes_of_row(length: usize) -> usize {
    2 * length + 400
}
