//! A store takes over the states without a key: it has their values from an earlier run, or gets the first ones.

use super::backend::StoreCore;
use super::group::LockGroup;
use super::group_ref::{GroupHandle, GroupRef};
use super::stored::{Schema, Storage};
use super::stored_counters::with_all_counters;
use crate::sync::block_on::block_on;
use std::sync::Arc;

/// A state without a key, and how it is kept.
pub(crate) struct SingleToStore<'g> {
    pub(crate) group: &'g Arc<LockGroup>,
    pub(crate) index: usize,
    pub(crate) name: &'static str,
    /// None for a transient one.
    pub(crate) storage: Option<Storage>,
}

/// Says which store keeps these states from now on, and loads what it has. Returns an error for each lock for which that
/// fails.
pub(crate) fn attach_singles(states: &[SingleToStore<'_>], store: &StoreCore) -> Vec<String> {
    let mut errors = Vec::new();
    let mut new = Vec::new();
    for state in states {
        let mut chain = state.group.chain();
        let known = chain.schema().cloned();
        let is_new = known.is_none();
        let schema: Arc<Schema> = known.unwrap_or_default();
        if !chain.attach(&store.journal, &schema) {
            errors.push(format!(
                "state `{}` is in another store already; give both applications the same one",
                state.name
            ));
            continue;
        }
        drop(chain);
        schema.set(state.index, state.name, state.storage);
        if is_new {
            new.push((state.group, schema));
        }
    }
    let mut is_first_use = false;
    for (group, schema) in new {
        if !schema.is_kept() || store.reading.is_none() {
            continue;
        }
        match load(group, &schema, store) {
            Ok(is_loaded) => is_first_use |= !is_loaded,
            Err(error) => errors.push(error),
        }
    }
    if is_first_use && errors.is_empty() {
        block_on(store.journal.flush());
    }
    errors
}

/// Loads the values of a lock's states. Returns whether the store had any; if not, it gets the first ones.
fn load(group: &Arc<LockGroup>, schema: &Schema, store: &StoreCore) -> Result<bool, String> {
    let Some(reading) = &store.reading else {
        return Ok(false);
    };
    let handle = GroupHandle::Single(Arc::clone(group));
    let lock = group.lock.key();
    let failed = |error: String| format!("{}: under lock \"{lock}\": {error}", store.name());
    let address = group.row_address();
    let row = || {
        let row = reading.reader.row(&address);
        row.map_err(|error| failed(error.to_string()))
    };
    let mut first = row()?;
    let (initial, is_committed) = {
        let chain = group.chain();
        let version = chain.durable();
        (version.values.clone(), version.is_committed())
    };
    if first.is_none() {
        let mut chain = group.chain();
        let (revision, epoch) = (chain.durable().revision(), store.journal.epoch());
        chain.set_durable_epoch(epoch);
        drop(chain);
        let written = handle.keep_counters(|| schema.write_row(revision, epoch, &initial, &[]));
        let written = written.map_err(|error| {
            failed(format!(
                "the first value of state `{}` cannot be kept: {}",
                error.state, error.reason
            ))
        })?;
        if let Some(shared) = store.journal.shared() {
            // Another process may be faster.
            let written = shared.write_first(&address, lock.as_str(), &written);
            written.map_err(failed)?;
            first = row()?;
        }
    }
    let Some(row) = first else {
        store.journal.counted(Box::new(handle));
        return Ok(false);
    };
    if is_committed {
        return Err(failed(
            "the states were changed before they had their store; choose the store first"
                .to_owned(),
        ));
    }
    let (read, counters) = with_all_counters(|| schema.read_row(&row));
    let read = read.map_err(failed)?;
    handle.keep_found(&counters);
    let mut chain = group.chain();
    chain.load(read, initial);
    chain.set_counters(counters);
    Ok(true)
}
