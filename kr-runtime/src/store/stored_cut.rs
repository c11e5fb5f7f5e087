//! All rows of a store at one moment.

use super::engine::{KeyedRow, Snapshot};
use super::group::LockGroup;
use super::journal::Journal;
use super::key_space::AnyKeySpace;
use super::stored::ReadRow;
use std::collections::HashMap;
use std::sync::Arc;

/// How many rows are read at a time.
const AT_ONCE: usize = 1_000;

/// All rows of a store at one moment. Reading them waits for the store.
pub(crate) struct StoredCut(Arc<dyn Snapshot>);

impl StoredCut {
    /// The rows as readers see them now; `None` if the store cannot be read.
    pub(crate) fn of(journal: &Journal) -> Option<Result<Self, String>> {
        Some(journal.moment()?.map(Self))
    }

    /// The rows of states without a key, by the names of their locks.
    pub(crate) fn singles(&self) -> Result<HashMap<Vec<u8>, Vec<u8>>, String> {
        let mut rows = HashMap::new();
        self.each("", |(key, row)| {
            rows.insert(key, row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The rows of a keyed state's instances.
    pub(crate) fn instances(
        &self,
        key_space: &dyn AnyKeySpace,
        mut take: impl FnMut(Vec<u8>, ReadRow),
    ) -> Result<(), String> {
        let space = key_space.template().to_string();
        self.each(&space, |(key, row)| {
            take(key, key_space.schema().read_row(&row)?);
            Ok(())
        })
    }

    fn each(
        &self,
        space: &str,
        mut take: impl FnMut(KeyedRow) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut after: Option<Vec<u8>> = None;
        loop {
            let page = self.0.page(space, after.as_deref(), AT_ONCE)?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = Some(last.clone());
            for row in page {
                take(row)?;
            }
        }
    }
}

impl LockGroup {
    /// What a row of this lock says.
    pub(crate) fn read_row(&self, row: &[u8]) -> Result<ReadRow, String> {
        let schema = self.chain().schema().cloned();
        schema.unwrap_or_default().read_row(row)
    }
}
