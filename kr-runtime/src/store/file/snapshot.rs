//! Reading the file: single rows as they are now, and all of them as they were at one moment.

use super::format::{RESPONSES, ROWS, SPACES, unseal, unseal_response};
use super::reading;
use crate::store::engine::{KeyedRow, ResponseRecord, RowError, Snapshot, SpaceInfo};
use redb::{ReadTransaction, ReadableTable, TableError};
use std::fmt::Display;
use std::ops::Bound;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// All rows as they were at one moment.
pub(super) struct FileSnapshot {
    transaction: ReadTransaction,
    /// For messages.
    name: Arc<str>,
}

impl FileSnapshot {
    pub(super) fn new(transaction: ReadTransaction, name: Arc<str>) -> Self {
        Self { transaction, name }
    }

    pub(super) fn row(&self, space: &str, key: &[u8]) -> Result<Option<Vec<u8>>, RowError> {
        let row = self.read(|| {
            let rows = self.transaction.open_table(ROWS).map_err(text)?;
            let row = rows.get((space, key)).map_err(text)?;
            Ok(row.map(|row| unseal(space, key, row.value())))
        });
        let row = row.map_err(RowError::Unavailable)?.transpose();
        row.map_err(|error| RowError::Damaged(format!("{}: {error}", self.name)))
    }

    /// Reads, and names the file if that fails.
    fn read<T>(&self, read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
        reading::read(read).map_err(|error| format!("{}: {error}", self.name))
    }
}

fn text(error: impl Display) -> String {
    error.to_string()
}

impl Snapshot for FileSnapshot {
    fn page(
        &self,
        space: &str,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<KeyedRow>, String> {
        let start = match after {
            Some(key) => Bound::Excluded((space, key)),
            None => Bound::Included((space, &[][..])),
        };
        self.read(|| {
            let rows = self.transaction.open_table(ROWS).map_err(text)?;
            let found = rows.range::<(&str, &[u8])>((start, Bound::Unbounded));
            let mut page = Vec::new();
            for row in found.map_err(text)?.take(limit) {
                let (address, row) = row.map_err(text)?;
                let (of_space, key) = address.value();
                if of_space != space {
                    break;
                }
                // A damaged row is reported with its key, and hides no other.
                let row = unseal(space, key, row.value()).unwrap_or_default();
                page.push((key.to_vec(), row));
            }
            Ok(page)
        })
    }

    fn space(&self, space: &str) -> Result<SpaceInfo, String> {
        self.read(|| {
            let spaces = self.transaction.open_table(SPACES).map_err(text)?;
            let info = spaces.get(space).map_err(text)?;
            Ok(info.map_or(SpaceInfo::default(), |info| {
                let (rows, last_removed) = info.value();
                SpaceInfo { rows, last_removed }
            }))
        })
    }

    fn spaces(&self) -> Result<Vec<String>, String> {
        self.read(|| {
            let spaces = self.transaction.open_table(SPACES).map_err(text)?;
            let mut names = Vec::new();
            for space in spaces.iter().map_err(text)? {
                let (name, _) = space.map_err(text)?;
                names.push(name.value().to_owned());
            }
            Ok(names)
        })
    }

    fn responses(&self) -> Result<Vec<ResponseRecord>, String> {
        self.read(|| {
            let responses = match self.transaction.open_table(RESPONSES) {
                Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
                responses => responses.map_err(text)?,
            };
            let now = unix_millis(SystemTime::now());
            let mut records = Vec::new();
            for response in responses.iter().map_err(text)? {
                let (id, response) = response.map_err(text)?;
                let (until, sealed) = response.value();
                let bytes = unseal_response(id.value(), until, sealed)?;
                let keep_for = Duration::from_millis(until.saturating_sub(now));
                if !keep_for.is_zero() {
                    records.extend(ResponseRecord::from_bytes(&bytes, keep_for));
                }
            }
            records.sort_by_key(ResponseRecord::keep_for);
            Ok(records)
        })
    }
}

/// A time as the file has it.
pub(super) fn unix_millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
