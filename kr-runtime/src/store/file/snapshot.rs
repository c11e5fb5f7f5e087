//! Reading the file: single rows as they are now, and all of them as they were at one moment.

use super::format::{RESPONSES, ROWS, SPACES, unseal};
use crate::store::engine::{KeyedRow, ResponseRecord, Snapshot, SpaceInfo};
use redb::{ReadTransaction, ReadableTable, TableError};
use std::fmt::Display;
use std::ops::Bound;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// All rows as they were at one moment.
pub(super) struct FileSnapshot {
    pub(super) transaction: ReadTransaction,
    /// For messages.
    pub(super) name: Arc<str>,
}

impl FileSnapshot {
    /// A row.
    pub(super) fn row(&self, space: &str, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let rows = self.transaction.open_table(ROWS);
        let rows = rows.map_err(|error| self.failed(error))?;
        let row = rows.get((space, key)).map_err(|error| self.failed(error))?;
        let row = row.map(|row| unseal(space, key, row.value()));
        row.transpose().map_err(|error| self.failed(error))
    }

    fn failed(&self, error: impl Display) -> String {
        format!("{}: {error}", self.name)
    }
}

impl Snapshot for FileSnapshot {
    fn page(
        &self,
        space: &str,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<KeyedRow>, String> {
        let rows = self.transaction.open_table(ROWS);
        let rows = rows.map_err(|error| self.failed(error))?;
        let start = match after {
            Some(key) => Bound::Excluded((space, key)),
            None => Bound::Included((space, &[][..])),
        };
        let found = rows.range::<(&str, &[u8])>((start, Bound::Unbounded));
        let mut page = Vec::new();
        for row in found.map_err(|error| self.failed(error))?.take(limit) {
            let (address, row) = row.map_err(|error| self.failed(error))?;
            let (of_space, key) = address.value();
            if of_space != space {
                break;
            }
            // A damaged row is reported with its key, and hides no other.
            let row = unseal(space, key, row.value()).unwrap_or_default();
            page.push((key.to_vec(), row));
        }
        Ok(page)
    }

    fn space(&self, space: &str) -> Result<SpaceInfo, String> {
        let spaces = self.transaction.open_table(SPACES);
        let spaces = spaces.map_err(|error| self.failed(error))?;
        let info = spaces.get(space).map_err(|error| self.failed(error))?;
        Ok(info.map_or(SpaceInfo::default(), |info| {
            let (rows, last_removed) = info.value();
            SpaceInfo { rows, last_removed }
        }))
    }

    fn spaces(&self) -> Result<Vec<String>, String> {
        let spaces = self.transaction.open_table(SPACES);
        let spaces = spaces.map_err(|error| self.failed(error))?;
        let mut names = Vec::new();
        for space in spaces.iter().map_err(|error| self.failed(error))? {
            let (name, _) = space.map_err(|error| self.failed(error))?;
            names.push(name.value().to_owned());
        }
        Ok(names)
    }

    fn responses(&self) -> Result<Vec<ResponseRecord>, String> {
        let responses = match self.transaction.open_table(RESPONSES) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            responses => responses.map_err(|error| self.failed(error))?,
        };
        let now = unix_millis(SystemTime::now());
        let mut records = Vec::new();
        for response in responses.iter().map_err(|error| self.failed(error))? {
            let (_, response) = response.map_err(|error| self.failed(error))?;
            let (until, bytes) = response.value();
            let keep_for = Duration::from_millis(until.saturating_sub(now));
            if !keep_for.is_zero() {
                records.extend(ResponseRecord::from_bytes(bytes, keep_for));
            }
        }
        records.sort_by_key(ResponseRecord::keep_for);
        Ok(records)
    }
}

/// A time as the file has it.
pub(super) fn unix_millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
