//! The database that is open, for the thread that writes and for those that read. After an error it is closed and opened again,
//! since redb takes nothing more from a disk that has failed once.

use super::reading;
use super::snapshot::FileSnapshot;
use crate::store::engine::{Reader, RowAddress, RowError, Snapshot};
use redb::{Database, ReadableDatabase};
use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Those who read do not try more often to open a file that could not be opened.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// Opens the file again.
pub(super) type Reopen = Box<dyn Fn() -> Result<Database, String> + Send>;

/// What the threads have in common that write and read the file.
pub(super) struct Shared {
    /// The path, for messages.
    pub(super) name: Arc<str>,
    /// None if it could not be opened again after an error.
    database: RwLock<Option<Database>>,
    /// What readers of states see.
    published: RwLock<Option<Arc<FileSnapshot>>>,
    /// Locked before the others, by whoever closes or opens the file.
    opener: Mutex<Opener>,
}

struct Opener {
    reopen: Reopen,
    /// Why it is not opened again.
    closed: Option<String>,
    /// When that was tried last in vain, and why.
    failed: Option<(Instant, String)>,
}

impl Shared {
    pub(super) fn new(name: String, database: Database, reopen: Reopen) -> Self {
        Self {
            name: Arc::from(name),
            database: RwLock::new(Some(database)),
            published: RwLock::new(None),
            opener: Mutex::new(Opener {
                reopen,
                closed: None,
                failed: None,
            }),
        }
    }

    /// Uses the database, if it is open.
    pub(super) fn with<T>(&self, using: impl FnOnce(&Database) -> T) -> Option<T> {
        let database = self.database.read();
        let database = database.unwrap_or_else(PoisonError::into_inner);
        database.as_ref().map(using)
    }

    /// Everything that was written so far, also what nobody may see yet.
    pub(super) fn begin_read(&self) -> Result<FileSnapshot, String> {
        match self.try_begin_read() {
            Some(snapshot) => snapshot,
            None => {
                self.open_to_read()?;
                let closed = || Err(format!("{} is closed after an error; try again", self.name));
                self.try_begin_read().unwrap_or_else(closed)
            }
        }
    }

    fn try_begin_read(&self) -> Option<Result<FileSnapshot, String>> {
        let transaction = self.with(|database| {
            reading::read(|| database.begin_read().map_err(|error| error.to_string()))
        })?;
        let transaction = transaction.map_err(|error| self.failed(error));
        Some(transaction.map(|transaction| FileSnapshot::new(transaction, Arc::clone(&self.name))))
    }

    /// What readers of states see; `None` if that cannot be read now.
    pub(super) fn published(&self) -> Option<Arc<FileSnapshot>> {
        let published = self
            .published
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        published.clone()
    }

    /// Readers of states see everything that was written so far.
    pub(super) fn publish(&self) -> Result<(), String> {
        let snapshot = self.try_begin_read().transpose();
        let (snapshot, result) = match snapshot {
            Ok(snapshot) => (snapshot, Ok(())),
            Err(error) => (None, Err(error)),
        };
        self.set_published(snapshot);
        result
    }

    fn set_published(&self, snapshot: Option<FileSnapshot>) {
        let published = self.published.write();
        let mut published = published.unwrap_or_else(PoisonError::into_inner);
        *published = snapshot.map(Arc::new);
    }

    /// Opens the file if an error has closed it.
    pub(super) fn open_again(&self) -> Result<(), String> {
        let mut opener = self.opener();
        match self.is_open() {
            true => Ok(()),
            false => self.open(&mut opener).and_then(|()| self.publish()),
        }
    }

    /// As [`open_again`](Self::open_again), unless that was tried a moment ago.
    pub(super) fn open_to_read(&self) -> Result<(), String> {
        let mut opener = self.opener();
        let recent = opener
            .failed
            .as_ref()
            .filter(|(at, _)| at.elapsed() < RETRY_AFTER);
        match recent {
            _ if self.is_open() => Ok(()),
            Some((_, reason)) => Err(reason.clone()),
            None => self.open(&mut opener).and_then(|()| self.publish()),
        }
    }

    /// Closes the file after an error, and opens it again. Returns what `look` sees in it.
    pub(super) fn restart<T>(&self, look: impl FnOnce(&Database) -> T) -> Result<T, String> {
        let mut opener = self.opener();
        self.close();
        self.open(&mut opener)?;
        self.with(look).ok_or_else(|| self.failed("it is closed"))
    }

    /// Closes the file. It is not opened again.
    pub(super) fn close_for_good(&self, reason: &str) {
        self.opener().closed = Some(reason.to_owned());
        self.close();
    }

    fn close(&self) {
        self.set_published(None);
        let database = self.database.write();
        drop(database.unwrap_or_else(PoisonError::into_inner).take());
    }

    fn open(&self, opener: &mut Opener) -> Result<(), String> {
        if let Some(reason) = &opener.closed {
            return Err(reason.clone());
        }
        match (opener.reopen)() {
            Ok(opened) => {
                opener.failed = None;
                let database = self.database.write();
                *database.unwrap_or_else(PoisonError::into_inner) = Some(opened);
                Ok(())
            }
            Err(reason) => {
                opener.failed = Some((Instant::now(), reason.clone()));
                Err(reason)
            }
        }
    }

    fn is_open(&self) -> bool {
        self.with(|_| ()).is_some()
    }

    fn opener(&self) -> MutexGuard<'_, Opener> {
        self.opener.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn failed(&self, error: impl Display) -> String {
        format!("{}: {error}", self.name)
    }
}

impl Reader for Shared {
    fn row(&self, address: &RowAddress) -> Result<Option<Vec<u8>>, RowError> {
        let snapshot = self.begin_read().map_err(RowError::Unavailable)?;
        snapshot.row(&address.space, &address.key)
    }

    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, String> {
        if let Some(snapshot) = self.published() {
            return Ok(snapshot);
        }
        self.open_to_read()?;
        let snapshot = self
            .published()
            .map(|snapshot| snapshot as Arc<dyn Snapshot>);
        snapshot.ok_or_else(|| self.failed("it cannot be read now; try again"))
    }
}
