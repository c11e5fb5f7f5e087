//! Why a store could not be opened.

#[cfg(feature = "file")]
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

/// Why a store could not be opened.
///
/// ```
/// use kr_runtime::{Store, StoreError};
///
/// let error = Store::open("no/such/folder/bank.kr").unwrap_err();
/// assert!(matches!(error, StoreError::NoFolder { .. }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has the file.
    #[error(
        "{} is in use by another process{}, which was waited for {waited:?}; stop that one, or give this one a file of its own",
        .path.display(),
        .process.map_or_else(String::new, |id| format!(" with the id {id}"))
    )]
    InUse {
        /// The file.
        path: PathBuf,
        /// The id of the process, as it has left it. Processes in different containers may have the same one.
        process: Option<u32>,
        /// How long it was waited for.
        waited: Duration,
    },
    /// The folder for the file is not there.
    #[error("there is no folder {} for the store {}; make it, or mount the volume", .folder.display(), .path.display())]
    NoFolder {
        /// The file.
        path: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
    /// The file is not there, and only an existing one was to be opened.
    #[error("there is no store at {}; mount the volume, or open it without `existing` to make a new one", .path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The path leads to a folder, or to something else that is no file.
    #[error("{} is not a file; name one, such as `bank.kr`", .path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The file was made by another program.
    #[error("{} is no store: {reason}; name another file", .path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
        /// What it is.
        reason: String,
    },
    /// The file was written by a newer version of this crate.
    #[error("{} has format {version}, which is newer than this program; start the newer program", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its format.
        version: u64,
    },
    /// The file is not what was written.
    #[error("{} is damaged: {reason}; restore a backup", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// How that was noticed.
        reason: String,
    },
    /// The file system has no locks, so two processes could write the file at once.
    #[error("{} is on a file system without file locks ({reason}), where two processes could write it at once; put it on a local disk", .path.display())]
    NoFileLocks {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file cannot be read or written.
    #[error("{}: {reason}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says, and what to do.
        reason: String,
    },
    /// The URL of a server is wrong.
    #[error("the URL of the store is wrong: {reason}")]
    Url {
        /// What is wrong with it. It does not repeat the URL, which may have a password.
        reason: String,
    },
    /// The server cannot be reached, or refuses.
    #[error("{server}: {reason}")]
    Server {
        /// Where it is, without user and password.
        server: String,
        /// What it says, and what to do.
        reason: String,
    },
    /// The tables of the server are of another version of kr.
    #[error(
        "{server} has tables of format {found}, and this program knows format {known}; use a program of the same version of kr"
    )]
    Format {
        /// Where it is, without user and password.
        server: String,
        /// The format of its tables.
        found: i32,
        /// The format that this program knows.
        known: i32,
    },
    /// A store in memory has no rows to copy, and takes none.
    #[error("a store in memory has nothing to copy, and takes nothing; name a file")]
    Memory,
    /// Rows are copied into empty stores only.
    #[error("{store} is not empty; copy into a new one")]
    NotEmpty {
        /// The store.
        store: String,
    },
    /// The store cannot be read.
    #[error("the store cannot be read: {reason}")]
    Unreadable {
        /// Why.
        reason: String,
    },
    /// A row is not what was written.
    #[error("the row of {lock} is damaged; restore a backup, or remove the instance")]
    DamagedRow {
        /// The lock.
        lock: String,
    },
    /// Rows could not be written.
    #[error("it cannot be written: {reason}")]
    NotWritten {
        /// Why.
        reason: String,
    },
    /// The document is no export.
    #[error("line {line} is none of an export: {reason}")]
    NoExport {
        /// The number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The variable names no store.
    #[error("`{variable}` is `{value}`, which names no store: {reason}")]
    Variable {
        /// The environment variable.
        variable: &'static str,
        /// What it says.
        value: String,
        /// What is wrong with it, and what to write.
        reason: String,
    },
}

impl StoreError {
    pub(super) fn unreadable(reason: String) -> Self {
        Self::Unreadable { reason }
    }

    #[cfg(feature = "file")]
    pub(super) fn io(path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let advice = match error.kind() {
            ErrorKind::PermissionDenied => {
                "let the user of this process read and write it, and make files beside it"
            }
            ErrorKind::ReadOnlyFilesystem => "mount it so that it can be written",
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                "free some space, and start the program again"
            }
            _ => "look at the disk, and at the log of the system",
        };
        Self::Io {
            path: path.to_owned(),
            reason: format!("{error}; {advice}"),
        }
    }
}
