//! Snapshots in files, replaced atomically.

use super::document::Snapshot;
use super::replace::replace;
#[cfg(feature = "operations")]
use super::replace::replace_by;
use super::root;
use crate::clixml::{self, ReadOptions, WriteOptions};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs;
#[cfg(feature = "operations")]
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Why a snapshot file could not be written or read. An existing file is unchanged.
///
/// ```
/// use kr_runtime::Snapshot;
///
/// let error = Snapshot::<i32>::read_from("no/such/file.xml").unwrap_err();
/// assert!(error.to_string().starts_with("cannot read snapshot file `no/such/file.xml`"));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The file system reported an error.
    #[error("cannot {action} snapshot file `{}`: {source}", .path.display())]
    Io {
        /// `write` or `read`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The document is invalid, or the value does not fit CLIXML.
    #[error("snapshot file `{}`: {source}", .path.display())]
    Document {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: clixml::Error,
    },
}

fn resolve(path: &Path, action: &'static str) -> Result<PathBuf, FileError> {
    root::resolve(path).map_err(|source| FileError::Io {
        action,
        path: path.to_owned(),
        source,
    })
}

/// Writes a document to a file that only its owner reads, unless it is there already.
#[cfg(feature = "operations")]
pub(crate) fn write_private(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), FileError> {
    let full = resolve(path, "write")?;
    replace_by(&full, true, write, |_| Ok(())).map_err(|source| FileError::Io {
        action: "write",
        path: path.to_owned(),
        source,
    })
}

/// As [`write_private`]. The document that was there is kept under another name, once the new one is written.
#[cfg(feature = "operations")]
pub(crate) fn write_keeping(
    path: &Path,
    kept: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), FileError> {
    let (full, kept) = (resolve(path, "write")?, resolve(kept, "write")?);
    let keep = |old: &Path| {
        if !old.exists() {
            return Ok(());
        }
        // At each moment there is a file under the first name.
        let temporary = kept.with_extension("keeping");
        let _ = fs::remove_file(&temporary);
        if fs::hard_link(old, &temporary).is_err() {
            fs::copy(old, &temporary)?;
        }
        fs::rename(&temporary, &kept)
    };
    replace_by(&full, true, write, keep).map_err(|source| FileError::Io {
        action: "write",
        path: path.to_owned(),
        source,
    })
}

impl<S: Serialize> Snapshot<S> {
    /// Writes the document to a file, as `Export-Clixml` does: UTF-8 without a byte order mark. Missing folders are
    /// created.
    ///
    /// The file always holds either the old document or the new one, also after a power cut: a temporary file is
    /// written, made durable, and renamed. What killed processes left behind of earlier saves of this file is removed.
    /// This blocks; in an async function, call it through [`tokio::task::spawn_blocking`].
    ///
    /// A symbolic link is followed. A file that is replaced keeps its mode, and its owner and group if this process may
    /// set them.
    ///
    /// What is written can be read: a document that [`read_from`](Self::read_from) would refuse, because it is too large
    /// or nests too deep, is not written.
    ///
    /// ```
    /// # use kr_runtime::Snapshot;
    /// # fn main() -> Result<(), kr_runtime::snapshot::FileError> {
    /// # let folder = std::env::temp_dir().join(format!("kr-doc-{}", std::process::id()));
    /// let path = folder.join("count.xml");
    /// Snapshot::new(&3).write_to(&path)?;
    /// assert_eq!(*Snapshot::<i32>::read_from(&path)?, 3);
    /// # std::fs::remove_dir_all(folder).ok();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`FileError`]; the file is then unchanged.
    pub fn write_to(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        self.write_to_with(path, &WriteOptions::new())
    }

    /// As [`write_to`](Self::write_to), with options: for documents of any size, or with more levels than PowerShell
    /// reads.
    ///
    /// ```
    /// # use kr_runtime::Snapshot;
    /// # use kr_runtime::clixml::{ReadOptions, WriteOptions};
    /// # fn main() -> Result<(), kr_runtime::snapshot::FileError> {
    /// # let folder = std::env::temp_dir().join(format!("kr-doc-with-{}", std::process::id()));
    /// # let path = folder.join("deep.xml");
    /// let limits = ReadOptions::new().max_depth(100);
    /// Snapshot::new(&3).write_to_with(&path, &WriteOptions::new().readable_by(limits.clone()))?;
    /// assert_eq!(*Snapshot::<i32>::read_from_with(&path, &limits)?, 3);
    /// # std::fs::remove_dir_all(folder).ok();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`FileError`]; the file is then unchanged.
    pub fn write_to_with(
        &self,
        path: impl AsRef<Path>,
        options: &WriteOptions,
    ) -> Result<(), FileError> {
        let path = resolve(path.as_ref(), "write")?;
        let document = options
            .to_vec(&**self)
            .map_err(|source| FileError::Document {
                path: path.clone(),
                source,
            })?;
        replace(&path, &document).map_err(|source| FileError::Io {
            action: "write",
            path,
            source,
        })
    }
}

impl<S: DeserializeOwned> Snapshot<S> {
    /// Reads a file that [`write_to`](Self::write_to) or `Export-Clixml` wrote. This blocks.
    ///
    /// # Errors
    /// [`FileError`] if there is no such file or it is not a snapshot of an `S`.
    pub fn read_from(path: impl AsRef<Path>) -> Result<Self, FileError> {
        Self::read_from_with(path, &ReadOptions::new())
    }

    /// As [`read_from`](Self::read_from), with other limits; see [`write_to_with`](Self::write_to_with).
    ///
    /// # Errors
    /// [`FileError`] if there is no such file or it is not a snapshot of an `S`.
    pub fn read_from_with(
        path: impl AsRef<Path>,
        options: &ReadOptions,
    ) -> Result<Self, FileError> {
        let path = resolve(path.as_ref(), "read")?;
        let document = match fs::read(&path) {
            Ok(document) => document,
            Err(source) => {
                return Err(FileError::Io {
                    action: "read",
                    path,
                    source,
                });
            }
        };
        let value = options.from_slice(&document);
        value
            .map(Self::new)
            .map_err(|source| FileError::Document { path, source })
    }
}
