//! The locks of a batch, and what their rows are.

use super::core::{Core, wanted};
use super::dispatcher::{Pending, Way};
use super::row::{NewRow, WantedRow};
use crate::store::CommitError;
use crate::store::engine::RowChange;
use crate::store::log_entry::{CountedRow, LogEntry};
use crate::store::shared::{KnownRow, OpenBatch, SharedGroup};
use crate::store::stored::RowAddress;
use crate::store::version::Stamp;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The locks of a batch. They are free again when it is dropped, however the batch ends.
pub(super) struct BatchGuard {
    pub(super) core: Arc<Core>,
    pub(super) way: Way,
    pub(super) groups: Vec<Locked>,
}

/// A lock of a batch.
pub(super) struct Locked {
    pub(super) group: Arc<dyn SharedGroup>,
    pub(super) known: KnownRow,
    pub(super) row: WantedRow,
    /// What its row is; `None` if it is not locked.
    pub(super) stamp: Option<Stamp>,
    /// Whether this transaction has made the row.
    pub(super) is_made: bool,
}

impl BatchGuard {
    pub(super) fn new(core: Arc<Core>, requests: &[Pending], way: Way) -> Self {
        let mut groups: Vec<Locked> = Vec::new();
        for group in requests.iter().flat_map(|pending| &pending.request.groups) {
            if groups.iter().all(|known| known.group.id() != group.id()) {
                let (known, row) = wanted(&**group);
                groups.push(Locked {
                    group: Arc::clone(group),
                    known,
                    row,
                    stamp: None,
                    is_made: false,
                });
            }
        }
        groups.sort_by(|a, b| a.row.address.cmp(&b.row.address));
        Self { core, way, groups }
    }

    /// Whether it waits for rows that another process holds. A single row is waited for where it is: nobody else is held up.
    pub(super) fn waits(&self) -> bool {
        let is_single = || self.groups.len() == 1 && self.groups[0].known.stamp.is_some();
        self.way == Way::Own || is_single()
    }

    pub(super) fn hold(&self, batch: Option<&Arc<OpenBatch>>) {
        for locked in self.groups.iter().filter(|locked| locked.stamp.is_some()) {
            locked.group.set_open_batch(batch.cloned());
        }
    }
}

impl Drop for BatchGuard {
    fn drop(&mut self) {
        self.hold(None);
        let ids: Vec<usize> = self.groups.iter().map(|locked| locked.group.id()).collect();
        self.core.dispatcher.end(&ids, self.way);
    }
}

impl BatchGuard {
    /// Whether somebody has one of the locks, and will want its row.
    pub(super) fn is_wanted(&self) -> bool {
        let mut groups = self.groups.iter();
        groups.any(|locked| locked.stamp.is_some() && locked.group.is_held())
    }

    /// The rows that this transaction has made, and that get no states.
    pub(super) fn unused(&self, written: &[NewRow]) -> Vec<&RowAddress> {
        let made = self.groups.iter().filter(|locked| locked.is_made);
        let addresses = made.map(|locked| &locked.row.address);
        let is_written = |address: &RowAddress| {
            let mut rows = written.iter();
            rows.any(|row| row.address == *address && row.states.is_some())
        };
        addresses.filter(|address| !is_written(address)).collect()
    }

    /// Tells those who wait what became of the batch.
    pub(super) fn end(
        &self,
        rows: &[NewRow],
        entries: Vec<LogEntry>,
        outcome: Result<(), CommitError>,
    ) {
        let counted: HashSet<&RowAddress> = rows
            .iter()
            .filter_map(|row| row.is_counted.then_some(&row.address))
            .collect();
        for locked in self.groups.iter().filter(|locked| locked.stamp.is_some()) {
            let is_alone = counted.contains(&locked.row.address);
            locked.group.counters_written(outcome.is_ok(), is_alone);
        }
        // All of them before anybody hears of one, as with any store.
        let ended: Vec<_> = entries
            .into_iter()
            .map(|entry| entry.end(outcome.clone()))
            .collect();
        for entry in ended {
            entry.tell();
        }
    }

    /// The rows that commits leave, and those of states that were counted.
    pub(super) fn new_rows(&self, changes: Vec<RowChange>) -> Result<Vec<NewRow>, String> {
        let mut changes: HashMap<RowAddress, RowChange> = changes
            .into_iter()
            .map(|change| (change.address.clone(), change))
            .collect();
        let mut rows = Vec::with_capacity(changes.len());
        for locked in &self.groups {
            let Some(old) = locked.stamp else { continue };
            if let Some(change) = changes.remove(&locked.row.address) {
                rows.push(NewRow::of(change, old, self.core.epoch)?);
                continue;
            }
            if let Some(CountedRow::Row(change)) = locked.group.counted_row() {
                rows.push(NewRow::counted(change, old)?);
            }
        }
        match changes.is_empty() {
            true => Ok(rows),
            false => Err("a row that was changed is not locked".to_owned()),
        }
    }
}
