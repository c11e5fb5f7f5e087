//! All rows of a store, from one moment.

use super::super::engine::{Batch, CommitRecord, ResponseRecord, RowAddress, RowChange, Snapshot};
use super::super::{Durable, Store, StoreError};
use std::sync::Arc;

/// How many rows are read and written at a time.
pub(super) const ROWS_AT_ONCE: usize = 1000;

/// How far copying a store has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Rows that are copied.
    pub rows: u64,
    /// Rows that there are; of an import, those that are copied.
    pub of_rows: u64,
    /// Kept responses of idempotent calls that are copied.
    pub responses: u64,
}

/// What a store has of one lock or of one keyed state's locks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpaceSummary {
    /// The template of a keyed state's locks, with `{}` for each part of the key; empty for the states without a key.
    pub space: String,
    /// How many rows it has: one for each lock.
    pub rows: u64,
    /// What the rows take up, in bytes.
    pub bytes: u64,
    /// The greatest revision of a removed instance.
    pub last_removed: u64,
    /// Rows that are damaged, by their keys.
    pub damaged: Vec<String>,
}

/// Where rows go.
pub(super) trait Target {
    fn write(
        &mut self,
        rows: Vec<RowChange>,
        responses: Vec<ResponseRecord>,
    ) -> Result<(), StoreError>;
}

impl Store<Durable> {
    /// Copies everything into another store, which must be empty: rows, revisions and kept responses. What is copied is of
    /// one moment, also while an application changes the states, and nobody waits for it.
    ///
    /// The thread waits for the disk. `progress` is called after each thousand rows.
    ///
    /// # Errors
    /// [`StoreError`] if one of the stores is memory or fails, or the other one is not empty.
    ///
    /// ```
    /// # #[cfg(feature = "file")]
    /// # fn main() -> Result<(), kr_runtime::StoreError> {
    /// # let folder = std::env::temp_dir().join(format!("kr-copy-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// use kr_runtime::Store;
    ///
    /// let store = Store::open(folder.join("bank.kr"))?;
    /// let backup = Store::open(folder.join("backup.kr"))?;
    /// let copied = store.copy_to(&backup, |progress| println!("{} rows", progress.rows))?;
    /// assert_eq!(copied.rows, 0);
    /// # drop((store, backup));
    /// # let _ = std::fs::remove_dir_all(&folder);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "file"))]
    /// # fn main() {}
    /// ```
    pub fn copy_to(
        &self,
        other: &Self,
        progress: impl FnMut(Progress),
    ) -> Result<Progress, StoreError> {
        other.must_be_empty()?;
        copy(&*self.snapshot()?, &mut Raw(other), progress)
    }

    /// What the store has, space by space. It reads every row.
    ///
    /// # Errors
    /// [`StoreError`] if the store is memory, or cannot be read.
    pub fn inspect(&self) -> Result<Vec<SpaceSummary>, StoreError> {
        let snapshot = self.snapshot()?;
        let mut summaries = Vec::new();
        for space in snapshot.spaces().map_err(StoreError::unreadable)? {
            let info = snapshot.space(&space).map_err(StoreError::unreadable)?;
            let mut summary = SpaceSummary {
                rows: info.rows,
                bytes: 0,
                last_removed: info.last_removed,
                damaged: Vec::new(),
                space,
            };
            let mut after = None;
            loop {
                let page = snapshot.page(&summary.space, after.as_deref(), ROWS_AT_ONCE);
                let page = page.map_err(StoreError::unreadable)?;
                for (key, row) in &page {
                    summary.bytes += row.len() as u64;
                    if row.is_empty() {
                        summary
                            .damaged
                            .push(super::key_json::text(&summary.space, key));
                    }
                }
                match page.into_iter().last() {
                    Some((key, _)) => after = Some(key),
                    None => break,
                }
            }
            summaries.push(summary);
        }
        Ok(summaries)
    }

    pub(super) fn snapshot(&self) -> Result<Arc<dyn Snapshot>, StoreError> {
        let core = self.core().ok_or(StoreError::Memory)?;
        let snapshot = core.journal.moment().ok_or(StoreError::Memory)?;
        snapshot.map_err(StoreError::unreadable)
    }

    pub(super) fn must_be_empty(&self) -> Result<(), StoreError> {
        let snapshot = self.snapshot()?;
        let spaces = snapshot.spaces().map_err(StoreError::unreadable)?;
        match spaces.is_empty() {
            true => Ok(()),
            false => Err(StoreError::NotEmpty {
                store: self.core().map_or("", |core| core.name()).to_owned(),
            }),
        }
    }
}

/// A store that is written row by row.
pub(super) struct Raw<'s>(pub(super) &'s Store<Durable>);

impl Target for Raw<'_> {
    fn write(
        &mut self,
        rows: Vec<RowChange>,
        responses: Vec<ResponseRecord>,
    ) -> Result<(), StoreError> {
        let core = self.0.core().ok_or(StoreError::Memory)?;
        let responses = responses.into_iter().map(|response| CommitRecord {
            locks: Vec::new(),
            response: Some(response),
        });
        let batch = Batch {
            commits: responses.collect(),
            rows,
            forgotten: Vec::new(),
        };
        let written = core.journal.write_rows(batch);
        written.map_err(|error| StoreError::NotWritten {
            reason: error.to_string(),
        })
    }
}

/// Copies all rows of a snapshot.
pub(super) fn copy(
    from: &dyn Snapshot,
    to: &mut impl Target,
    mut progress: impl FnMut(Progress),
) -> Result<Progress, StoreError> {
    let unreadable = StoreError::unreadable;
    let mut spaces = Vec::new();
    let mut done = Progress::default();
    for space in from.spaces().map_err(unreadable)? {
        let info = from.space(&space).map_err(unreadable)?;
        done.of_rows += info.rows;
        spaces.push((Arc::<str>::from(space), info));
    }
    for (space, info) in spaces {
        if info.last_removed > 0 {
            // A removal of a key that nobody has: it leaves the revision.
            to.write(vec![removal(&space, info.last_removed)], Vec::new())?;
        }
        let mut after: Option<Vec<u8>> = None;
        loop {
            let page = from.page(&space, after.as_deref(), ROWS_AT_ONCE);
            let page = page.map_err(unreadable)?;
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            let mut rows = Vec::with_capacity(page.len());
            for (key, row) in page {
                if row.is_empty() {
                    return Err(StoreError::DamagedRow {
                        lock: super::key_json::text(&space, &key),
                    });
                }
                let address = RowAddress {
                    space: Arc::clone(&space),
                    key,
                };
                // It has a revision in it; this one is for removals.
                rows.push(RowChange {
                    address,
                    revision: 0,
                    row: Some(row),
                });
            }
            done.rows += rows.len() as u64;
            to.write(rows, Vec::new())?;
            progress(done);
        }
    }
    let responses = from.responses().map_err(unreadable)?;
    for some in responses.chunks(ROWS_AT_ONCE) {
        to.write(Vec::new(), some.to_vec())?;
        done.responses += some.len() as u64;
        progress(done);
    }
    Ok(done)
}

/// A row that leaves nothing but the revision of a removal.
pub(super) fn removal(space: &Arc<str>, revision: u64) -> RowChange {
    RowChange {
        address: RowAddress {
            space: Arc::clone(space),
            key: Vec::new(),
        },
        revision,
        row: None,
    }
}
