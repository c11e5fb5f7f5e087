//! Writing batches into the file.

use super::format::{RESPONSES, ROWS, SPACES, seal, seal_response};
use super::kept::is_kept;
use super::presence::Presence;
use super::shared::Shared;
use super::snapshot::unix_millis;
use super::watch::DiskWatch;
use crate::store::engine::{
    Batch, Engine, Reader, ResponseRecord, RowChange, Snapshot as _, WriteError,
};
use crate::sync::log;
use redb::{Database, ReadableTable};
use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::SystemTime;

/// Writes batches into the file.
pub(super) struct FileEngine {
    pub(super) shared: Arc<Shared>,
    pub(super) watch: Arc<DiskWatch>,
    /// None for what is no file.
    pub(super) presence: Option<Arc<Presence>>,
    /// Those of earlier lives of the store, until they are asked for.
    pub(super) responses: Vec<ResponseRecord>,
    /// When the time of each response is over, in milliseconds of the Unix time.
    pub(super) expiries: BTreeSet<(u64, [u8; 32])>,
}

impl Engine for FileEngine {
    fn write(&mut self, batch: &Batch) -> Result<(), WriteError> {
        if self.watch.has_sync_failed() {
            return Err(self.give_up(self.sync_failed()));
        }
        if let Some(presence) = &self.presence {
            presence.check().map_err(WriteError::NotWritten)?;
        }
        self.shared.open_again().map_err(WriteError::NotWritten)?;
        let header_writes = self.watch.header_writes();
        // redb panics where a damaged file surprises it.
        let written = catch_unwind(AssertUnwindSafe(|| self.try_write(batch)));
        let written = written.unwrap_or_else(|_| Err("the file is damaged".to_owned()));
        let Err(reason) = written else {
            return Ok(());
        };
        let reason = self.shared.failed(reason);
        if self.watch.has_sync_failed() {
            return Err(self.give_up(format!("{reason}; {}", self.sync_failed())));
        }
        let is_in_doubt = self.watch.header_writes() > header_writes;
        let kept = self.shared.restart(|database| is_kept(database, batch));
        match kept.flatten() {
            Ok(true) => {
                log::warn!(
                    reason,
                    "the store has kept a batch although writing it failed"
                );
                self.list_responses();
                Ok(())
            }
            Err(again) if is_in_doubt => Err(self.give_up(format!("{reason}; {again}"))),
            _ => {
                self.publish();
                Err(WriteError::NotWritten(reason))
            }
        }
    }

    fn published(&mut self) {
        self.publish();
    }

    /// Keeps what redb would otherwise have to find out from the whole file, if this process is killed: which of its pages are
    /// free. The next batch does away with that again.
    fn settle(&mut self) {
        if self.watch.has_sync_failed() {
            return;
        }
        let settled = catch_unwind(AssertUnwindSafe(|| self.try_settle()));
        let settled = settled.unwrap_or_else(|_| Err("the file is damaged".to_owned()));
        match settled {
            Ok(()) => self.publish(),
            Err(_) if self.watch.has_sync_failed() => {
                let reason = self.sync_failed();
                log::error!(reason, "a store takes no more changes");
                drop(self.give_up(reason));
            }
            // Nothing is at stake. redb takes nothing more until the file is opened again; if that fails, a batch tries it, too.
            Err(reason) => {
                let reason = self.shared.failed(reason);
                log::warn!(reason, "the next start of the store may take longer");
                let _ = self.shared.restart(|_| ());
                self.publish();
            }
        }
    }

    fn reader(&self) -> Option<Arc<dyn Reader>> {
        Some(Arc::clone(&self.shared) as Arc<dyn Reader>)
    }

    fn kept_responses(&mut self) -> Vec<ResponseRecord> {
        let records = mem::take(&mut self.responses);
        self.list(&records);
        records
    }
}

impl FileEngine {
    fn list(&mut self, responses: &[ResponseRecord]) {
        let now = unix_millis(SystemTime::now());
        for response in responses {
            let left = u64::try_from(response.keep_for().as_millis()).unwrap_or(u64::MAX);
            self.expiries
                .insert((now.saturating_add(left), *response.id()));
        }
    }

    /// Lists the responses in the file anew. If they cannot be read, the next start does that.
    fn list_responses(&mut self) {
        let snapshot = self.shared.begin_read();
        if let Ok(responses) = snapshot.and_then(|snapshot| snapshot.responses()) {
            self.expiries.clear();
            self.list(&responses);
        }
    }

    fn try_write(&mut self, batch: &Batch) -> Result<(), String> {
        let transaction = self.shared.with(Database::begin_write);
        let transaction = transaction.ok_or("it is closed")?.map_err(text)?;
        write_rows(&transaction, &batch.rows)?;
        let expiries = write_responses(&transaction, batch, &self.expiries)?;
        transaction.commit().map_err(text)?;
        for expiry in expiries.removed {
            self.expiries.remove(&expiry);
        }
        self.expiries.extend(expiries.added);
        Ok(())
    }

    fn try_settle(&self) -> Result<(), String> {
        if let Some(presence) = &self.presence {
            presence.check()?;
        }
        let transaction = self.shared.with(Database::begin_write);
        let mut transaction = transaction.ok_or("it is closed")?.map_err(text)?;
        transaction.set_quick_repair(true);
        transaction.commit().map_err(text)
    }

    fn publish(&self) {
        if let Err(error) = self.shared.publish() {
            log::error!(error, "lists cannot be read");
        }
    }

    /// Writes nothing more.
    fn give_up(&self, reason: String) -> WriteError {
        self.shared.close_for_good(&reason);
        WriteError::Unknown(reason)
    }

    fn sync_failed(&self) -> String {
        format!(
            "{}: the disk has not confirmed an earlier change; nothing more is written before the program is started again",
            self.shared.name
        )
    }
}

/// Writes rows, and how many each space has.
pub(super) fn write_rows(
    transaction: &redb::WriteTransaction,
    changes: &[RowChange],
) -> Result<(), String> {
    let mut rows = transaction.open_table(ROWS).map_err(text)?;
    let mut spaces = transaction.open_table(SPACES).map_err(text)?;
    // In the order of their keys, since neighbours share a page.
    let mut sorted: Vec<&RowChange> = changes.iter().collect();
    sorted.sort_unstable_by(|one, other| one.address.cmp(&other.address));
    let mut infos: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for RowChange {
        address,
        revision,
        row,
    } in sorted
    {
        let space = &*address.space;
        let (count, last_removed) = match infos.entry(space) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => {
                let info = spaces.get(space).map_err(text)?;
                new.insert(info.map_or((0, 0), |info| info.value()))
            }
        };
        let key = (space, &address.key[..]);
        match row {
            Some(row) => {
                let sealed = seal(space, &address.key, row);
                let before = rows.insert(key, &sealed[..]).map_err(text)?;
                *count += u64::from(before.is_none());
            }
            None => {
                let before = rows.remove(key).map_err(text)?;
                *count -= u64::from(before.is_some()).min(*count);
                *last_removed = (*last_removed).max(*revision);
            }
        }
    }
    for (space, info) in infos {
        let before = spaces.get(space).map_err(text)?.map(|info| info.value());
        if before != Some(info) {
            spaces.insert(space, info).map_err(text)?;
        }
    }
    Ok(())
}

/// What a batch does to the list of responses.
#[derive(Default)]
pub(super) struct Expiries {
    added: Vec<(u64, [u8; 32])>,
    removed: Vec<(u64, [u8; 32])>,
}

/// Writes the responses of a batch, and removes those whose time is over and those that are too many.
pub(super) fn write_responses(
    transaction: &redb::WriteTransaction,
    batch: &Batch,
    known: &BTreeSet<(u64, [u8; 32])>,
) -> Result<Expiries, String> {
    let now = unix_millis(SystemTime::now());
    let mut expiries = Expiries::default();
    let outdated = known.range(..(now, [0; 32])).take(1000);
    expiries.removed.extend(outdated.copied());
    let mut new = batch
        .commits
        .iter()
        .filter_map(|commit| commit.response.as_ref())
        .peekable();
    if new.peek().is_none() && expiries.removed.is_empty() && batch.forgotten.is_empty() {
        return Ok(expiries);
    }
    let mut responses = transaction.open_table(RESPONSES).map_err(text)?;
    for (_, id) in &expiries.removed {
        responses.remove(&id[..]).map_err(text)?;
    }
    // Before the new ones: a call whose response was forgotten may have been made again.
    for id in &batch.forgotten {
        if let Some(forgotten) = responses.remove(&id[..]).map_err(text)? {
            expiries.removed.push((forgotten.value().0, *id));
        }
    }
    for record in new {
        let millis = u64::try_from(record.keep_for().as_millis()).unwrap_or(u64::MAX);
        let until = now.saturating_add(millis);
        let bytes = seal_response(record.id(), until, &record.to_bytes());
        responses
            .insert(&record.id()[..], (until, &bytes[..]))
            .map_err(text)?;
        expiries.added.push((until, *record.id()));
    }
    Ok(expiries)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
