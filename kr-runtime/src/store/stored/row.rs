//! The row of a lock: `{"revision":17,"epoch":"…","states":{"Stock":{"version":1,"value":{…}}}}`.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

/// Where the row of a lock is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowAddress {
    /// The template of a keyed state's locks, with `{}` for each part of the key; nothing for other locks.
    pub space: Arc<str>,
    /// The key as [`LockKey::write_stored`](crate::LockKey::write_stored) writes it, or the lock's name.
    pub key: Vec<u8>,
}

/// A state that the program does not know, or that another one of the same lock has left. It stays in the row.
#[derive(Debug, Clone)]
pub(crate) struct OtherState {
    pub(super) name: String,
    pub(super) version: u32,
    pub(super) value: Box<RawValue>,
}

/// A row, of which the values are still text.
#[derive(Deserialize)]
pub(super) struct RawRow<'r> {
    pub(super) revision: u64,
    #[serde(borrow)]
    epoch: Cow<'r, str>,
    #[serde(borrow)]
    pub(super) states: BTreeMap<Cow<'r, str>, RawState<'r>>,
}

/// A state in a row.
#[derive(Deserialize)]
pub(super) struct RawState<'r> {
    pub(super) version: u32,
    #[serde(borrow)]
    pub(super) value: &'r RawValue,
}

impl<'r> RawRow<'r> {
    pub(super) fn parse(row: &'r [u8]) -> Result<Self, String> {
        serde_json::from_slice(row).map_err(|error| format!("the row is damaged: {error}"))
    }

    pub(super) fn epoch(&self) -> Result<u64, String> {
        u64::from_str_radix(&self.epoch, 16)
            .map_err(|error| format!("the row is damaged: its epoch: {error}"))
    }
}

/// Writes a row, state by state.
pub(super) struct RowWriter {
    row: Vec<u8>,
    is_first: bool,
}

impl RowWriter {
    pub(super) fn new(revision: u64, epoch: u64) -> Self {
        let mut row = Vec::with_capacity(256);
        // Writing to memory does not fail.
        let _ = write!(
            row,
            r#"{{"revision":{revision},"epoch":"{epoch:016x}","states":{{"#
        );
        Self {
            row,
            is_first: true,
        }
    }

    /// Adds a state, whose value `write` appends.
    pub(super) fn state<E>(
        &mut self,
        name: &str,
        version: u32,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        if !std::mem::take(&mut self.is_first) {
            self.row.push(b',');
        }
        let name = serde_json::Value::from(name);
        let _ = write!(self.row, r#"{name}:{{"version":{version},"value":"#);
        write(&mut self.row)?;
        self.row.push(b'}');
        Ok(())
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.row.extend(b"}}");
        self.row
    }
}
