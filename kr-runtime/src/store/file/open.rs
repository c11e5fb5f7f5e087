//! Finding and opening the file.

use super::super::{Durable, Store, StoreError};
use super::check;
use super::engine::FileEngine;
use super::failed_syncs::{FailedSyncs, read_from_disk};
use super::format::{FORMAT, META, ROWS, SPACES, VERSION};
use super::owner::Owner;
use super::presence::Presence;
use super::shared::{Reopen, Shared};
use super::watch::{DiskWatch, Watched};
use crate::store::engine::Snapshot;
use crate::sync::log;
use redb::backends::FileBackend;
use redb::{Builder, Database, DatabaseError, ReadableDatabase, StorageBackend};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// What redb keeps of the file in memory. Rows that are in use are in memory anyway.
const CACHE_BYTES: usize = 16 * 1024 * 1024;

/// The first bytes of every file that redb has made.
const MAGIC: &[u8] = b"redb\x1A\x0A\xA9\x0D\x0A";

/// How a file is opened: [`Store::open`] with other than the usual choices.
///
/// ```
/// # fn main() -> Result<(), kr_runtime::StoreError> {
/// # let folder = std::env::temp_dir().join(format!("kr-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).unwrap();
/// # let path = folder.join("bank.kr");
/// use kr_runtime::FileOptions;
/// use std::time::Duration;
///
/// let error = FileOptions::new().existing().open(&path).unwrap_err();
/// assert!(error.to_string().contains("there is no store"));
///
/// let store = FileOptions::new().wait(Duration::from_secs(60)).open(&path)?;
/// # drop(store);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "this says how a file is to be opened; `open` opens it"]
pub struct FileOptions {
    is_existing: bool,
    wait: Duration,
    /// Files up to this length are checked.
    checked_length: u64,
}

impl Default for FileOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl FileOptions {
    /// The file is made if it is not there, and a process that has it is waited for, at most for ten seconds.
    pub fn new() -> Self {
        Self {
            is_existing: false,
            wait: Duration::from_secs(10),
            checked_length: check::CHECKED_LENGTH,
        }
    }

    /// Refuses to make a new file: a path that is wrong, or a volume that is not mounted, does not look like an empty store.
    pub fn existing(mut self) -> Self {
        self.is_existing = true;
        self
    }

    /// How long to wait for another process that has the file, such as the last release of the same program on its way out.
    pub fn wait(mut self, at_most: Duration) -> Self {
        self.wait = at_most;
        self
    }

    /// Whether the whole file is read when it is opened, to see that the disk has changed nothing in it. A file of up to
    /// 256 MiB is, unless this says otherwise; a larger one takes about a second for each GiB, and longer if the system has
    /// none of it in memory. Without that, a value that is read is still what was written, but one that is there may not be
    /// found.
    pub fn check(mut self, whole: bool) -> Self {
        self.checked_length = if whole { u64::MAX } else { 0 };
        self
    }

    /// Opens the file.
    ///
    /// # Errors
    /// [`StoreError`] with the path, and what to do.
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Store<Durable>, StoreError> {
        let path = absolute(path.as_ref())?;
        let is_new = is_new(&path)?;
        if is_new && self.is_existing {
            return Err(StoreError::Missing { path });
        }
        let owner = Owner::acquire(&path, self.wait)?;
        // Whoever had the file may have made it meanwhile.
        if is_new && is_new_file(&path)? {
            create(&path)?;
        }
        let presence = Arc::new(Presence::new(&path));
        let open = {
            let (path, presence) = (path.clone(), Arc::clone(&presence));
            move || {
                let file = OpenOptions::new().read(true).write(true).open(&path);
                let file = file.map_err(|error| StoreError::io(&path, &error))?;
                let moved = |reason| StoreError::Io {
                    path: path.clone(),
                    reason,
                };
                presence.check().map_err(moved)?;
                backend(&path, file)
            }
        };
        let engine = start(
            &path,
            open,
            self.checked_length,
            CACHE_BYTES,
            Some(presence),
            Some(Arc::new(owner)),
        )?;
        log::info!(path = %path.display(), new = is_new, "store opened");
        Ok(Store::of_engine(engine, path.display().to_string()))
    }
}

impl Store<Durable> {
    /// Values live in a file that this process owns. A change is answered when `fdatasync` has said that it is on the disk.
    ///
    /// The file is made if it is not there. See [`FileOptions`] for other choices.
    ///
    /// # Errors
    /// [`StoreError`] with the path, and what to do: another process has the file, it is another program's, it is damaged,
    /// or it cannot be read or written.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        FileOptions::new().open(path)
    }

    /// A store in what you make of a file, for tests of faults. `open` is called again after an error. Without a cache every
    /// read is one of the file.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    #[doc(hidden)]
    pub fn open_backend<B: StorageBackend>(
        open: impl Fn() -> io::Result<B> + Send + 'static,
        failed_syncs: Option<Arc<dyn FailedSyncs>>,
        is_cached: bool,
    ) -> Result<Self, StoreError> {
        let path = PathBuf::from("test backend");
        let named = path.clone();
        let open = move || open().map_err(|error| StoreError::io(&named, &error));
        let cache = if is_cached { CACHE_BYTES } else { 0 };
        let checked = check::CHECKED_LENGTH;
        let engine = start(&path, open, checked, cache, None, failed_syncs)?;
        Ok(Self::of_engine(engine, path.display().to_string()))
    }
}

/// The path of the file itself, wherever the program is run later and whatever links lead to it.
fn absolute(path: &Path) -> Result<PathBuf, StoreError> {
    if let Ok(existing) = fs::canonicalize(path) {
        return Ok(existing);
    }
    let named = std::path::absolute(path).map_err(|error| StoreError::io(path, &error))?;
    let (Some(folder), Some(name)) = (named.parent(), named.file_name()) else {
        return Err(StoreError::NotAFile { path: named });
    };
    match fs::canonicalize(folder) {
        Ok(folder) => Ok(folder.join(name)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::NoFolder {
            path: named.clone(),
            folder: folder.to_owned(),
        }),
        Err(error) => Err(StoreError::io(folder, &error)),
    }
}

/// Whether there is no file. What is there must be one.
fn is_new(path: &Path) -> Result<bool, StoreError> {
    match fs::symlink_metadata(path) {
        Ok(_) => is_new_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(StoreError::io(path, &error)),
    }
}

fn is_new_file(path: &Path) -> Result<bool, StoreError> {
    match fs::metadata(path) {
        // An empty file is what a crash may have left of a new one, or a newcomer's `touch`.
        Ok(metadata) if metadata.is_file() => Ok(metadata.len() == 0),
        Ok(_) => Err(StoreError::NotAFile {
            path: path.to_owned(),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(StoreError::io(path, &error)),
    }
}

/// Makes an empty store under another name and then renames it: a crash leaves no half of a file.
fn create(path: &Path) -> Result<(), StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    let made = (|| {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&new)
            .map_err(|error| StoreError::io(&new, &error))?;
        let backend = backend(&new, file)?;
        drop(open_database(path, backend, CACHE_BYTES, &Arc::default())?);
        fs::rename(&new, path).map_err(|error| StoreError::io(path, &error))?;
        // The name is in the folder, which has to be on the disk as well.
        let folder = path.parent().unwrap_or(Path::new("."));
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| StoreError::io(folder, &error))
    })();
    if made.is_err() {
        let _ = fs::remove_file(&new);
    }
    made
}

fn backend(path: &Path, file: File) -> Result<FileBackend, StoreError> {
    let is_other = |mut file: &File| {
        let mut start = [0; MAGIC.len()];
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        length > 0 && (file.read_exact(&mut start).is_err() || start != MAGIC)
    };
    if is_other(&file) {
        return Err(StoreError::NotAStore {
            path: path.to_owned(),
            reason: "it was made by another program".to_owned(),
        });
    }
    FileBackend::new(file).map_err(|error| StoreError::of_database(path, error))
}

/// Opens what redb keeps, and checks that it is a store of this version.
fn open_database<B: StorageBackend>(
    path: &Path,
    backend: B,
    cache: usize,
    watch: &Arc<DiskWatch>,
) -> Result<Database, StoreError> {
    let watched = Watched {
        backend,
        watch: Arc::clone(watch),
    };
    surprised(path, || {
        let mut builder = Builder::new();
        builder.set_cache_size(cache);
        let shown = path.display().to_string();
        builder.set_repair_callback(move |_| {
            log::info!(path = shown, "the store was not closed; checking it");
        });
        let database = builder.create_with_backend(watched);
        let database = database.map_err(|error| StoreError::of_database(path, error))?;
        check_version(path, &database)?;
        Ok(database)
    })
}

/// Runs what redb may panic in, which it does where a damaged file surprises it.
fn surprised<T>(
    path: &Path,
    open: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(open)).unwrap_or_else(|_| {
        Err(StoreError::Damaged {
            path: path.to_owned(),
            reason: "its tables contradict each other".to_owned(),
        })
    })
}

/// Checks the version, and makes the tables of an empty file.
fn check_version(path: &Path, database: &Database) -> Result<(), StoreError> {
    let failed = |error: redb::Error| StoreError::of_redb(path, &error);
    let transaction = database
        .begin_read()
        .map_err(|error| failed(error.into()))?;
    let tables = transaction.list_tables();
    let is_empty = tables
        .map_err(|error| failed(error.into()))?
        .next()
        .is_none();
    if is_empty {
        drop(transaction);
        return initialize(database).map_err(failed);
    }
    let format = transaction.open_table(META).ok().and_then(|meta| {
        let format = meta.get(FORMAT).ok()??;
        Some(format.value())
    });
    match format {
        Some(VERSION) => Ok(()),
        Some(version) => Err(StoreError::Newer {
            path: path.to_owned(),
            version,
        }),
        None => Err(StoreError::NotAStore {
            path: path.to_owned(),
            reason: "it is a redb database of another program".to_owned(),
        }),
    }
}

fn initialize(database: &Database) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    transaction.open_table(META)?.insert(FORMAT, VERSION)?;
    transaction.open_table(ROWS)?;
    transaction.open_table(SPACES)?;
    transaction.commit()?;
    Ok(())
}

/// What writes and reads the file, once it is checked.
fn start<B: StorageBackend>(
    path: &Path,
    open: impl Fn() -> Result<B, StoreError> + Send + 'static,
    checked_length: u64,
    cache: usize,
    presence: Option<Arc<Presence>>,
    failed_syncs: Option<Arc<dyn FailedSyncs>>,
) -> Result<FileEngine, StoreError> {
    if let Some(failed_syncs) = &failed_syncs {
        read_from_disk(path, &**failed_syncs)?;
    }
    let to_check = open()?;
    let length = to_check
        .len()
        .map_err(|error| StoreError::io(path, &error))?;
    if (1..=checked_length).contains(&length) {
        surprised(path, || check::check(path, to_check, cache))?;
    }
    let watch = Arc::new(DiskWatch::new(failed_syncs));
    let open = {
        let (path, watch) = (path.to_owned(), Arc::clone(&watch));
        move || open_database(&path, open()?, cache, &watch)
    };
    let damaged = |reason| StoreError::Damaged {
        path: path.to_owned(),
        reason,
    };
    let database = open()?;
    let reopen: Reopen = Box::new(move || open().map_err(|error| error.to_string()));
    let shared = Arc::new(Shared::new(path.display().to_string(), database, reopen));
    shared.publish().map_err(damaged)?;
    let responses = shared
        .begin_read()
        .and_then(|snapshot| snapshot.responses());
    Ok(FileEngine {
        shared,
        watch,
        presence,
        responses: responses.map_err(damaged)?,
        expiries: BTreeSet::new(),
    })
}

impl StoreError {
    pub(super) fn of_database(path: &Path, error: DatabaseError) -> Self {
        match error {
            DatabaseError::DatabaseAlreadyOpen => Self::InUse {
                path: path.to_owned(),
                process: None,
                waited: Duration::ZERO,
            },
            other => Self::of_redb(path, &other.into()),
        }
    }

    fn of_redb(path: &Path, error: &redb::Error) -> Self {
        match error {
            redb::Error::Io(error) if error.kind() != io::ErrorKind::InvalidData => {
                Self::io(path, error)
            }
            other => Self::Damaged {
                path: path.to_owned(),
                reason: other.to_string(),
            },
        }
    }
}
