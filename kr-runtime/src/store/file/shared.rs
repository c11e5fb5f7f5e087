//! What the threads have in common that write and read the file.

use super::owner::Owner;
use super::snapshot::FileSnapshot;
use crate::store::engine::{Reader, RowAddress, Snapshot};
use redb::{Database, ReadableDatabase};
use std::fmt::Display;
use std::sync::{Arc, PoisonError, RwLock};

/// What the threads have in common that write and read the file.
pub(super) struct Shared {
    /// The path, for messages.
    pub(super) name: Arc<str>,
    /// None if it could not be opened again after an error.
    pub(super) database: RwLock<Option<Database>>,
    /// What readers of states see.
    pub(super) published: RwLock<Option<Arc<FileSnapshot>>>,
    /// The file is released when it is closed, which is why this comes last.
    pub(super) _owner: Option<Owner>,
}

impl Reader for Shared {
    fn row(&self, address: &RowAddress) -> Result<Option<Vec<u8>>, String> {
        self.begin_read()?.row(&address.space, &address.key)
    }

    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, String> {
        let published = self
            .published
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        match &*published {
            Some(snapshot) => Ok(Arc::clone(snapshot) as Arc<dyn Snapshot>),
            None => Err(format!("{} cannot be read now", self.name)),
        }
    }
}

impl Shared {
    /// Everything that was written so far, also what nobody may see yet.
    pub(super) fn begin_read(&self) -> Result<FileSnapshot, String> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref();
        let database = database.ok_or_else(|| format!("{} is closed after an error", self.name))?;
        let transaction = database.begin_read().map_err(|error| self.failed(error))?;
        Ok(FileSnapshot {
            transaction,
            name: Arc::clone(&self.name),
        })
    }

    fn failed(&self, error: impl Display) -> String {
        format!("{}: {error}", self.name)
    }
}
