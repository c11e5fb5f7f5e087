//! One process owns the file. Which one is told by a lock on a file beside it, `bank.kr.lock`, in which the owner writes its
//! process id for others to read. The id decides nothing: in containers every process has the id 1.
//!
//! A second line says that a [sync has failed](super::failed_syncs). It outlives the process, and does not go before the next
//! one has seen to it.

use super::super::StoreError;
use super::failed_syncs::FailedSyncs;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::sync::log;

/// How often to look whether the owner has gone.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The line that says that a sync has failed.
const SYNC_FAILED: &str = "sync failed";

/// The right to the file, until this is dropped.
#[derive(Debug)]
pub(super) struct Owner {
    /// Of the store.
    path: PathBuf,
    /// The file beside it. Its lock is released when it is closed, also by a crash.
    file: File,
}

impl Owner {
    /// Waits until the file has no other owner, at most for `wait`.
    pub(super) fn acquire(path: &Path, wait: Duration) -> Result<Self, StoreError> {
        let lock_path = lock_path(path);
        let opened = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&lock_path);
        let file = opened.map_err(|error| StoreError::io(&lock_path, &error))?;
        let since = Instant::now();
        let mut is_told = false;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => {
                    return Err(StoreError::NoFileLocks {
                        path: path.to_owned(),
                        reason: error.to_string(),
                    });
                }
            }
            let owner = read_id(&file);
            if since.elapsed() >= wait {
                return Err(StoreError::InUse {
                    path: path.to_owned(),
                    process: owner,
                    waited: wait,
                });
            }
            if !std::mem::replace(&mut is_told, true) {
                log::warn!(
                    path = %path.display(),
                    process = owner,
                    "another process has the store; waiting for it to end"
                );
            }
            thread::sleep(POLL_INTERVAL);
        }
        let owner = Self {
            path: path.to_owned(),
            file,
        };
        // Only for others to read, so an error changes nothing.
        let _ = owner
            .is_noted()
            .and_then(|is_noted| owner.write_text(is_noted));
        Ok(owner)
    }

    /// Writes the id, and whether a sync has failed. A process that is killed meanwhile leaves the note, if it was there or is
    /// to be there.
    fn write_text(&self, sync_failed: bool) -> io::Result<()> {
        let id = std::process::id();
        let text = match sync_failed {
            true => format!("{id}\n{SYNC_FAILED}\n"),
            false => format!("{id}\n"),
        };
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(text.as_bytes())?;
        self.file.set_len(text.len() as u64)
    }
}

impl FailedSyncs for Owner {
    fn note(&self) -> io::Result<()> {
        self.write_text(true)
    }

    fn is_noted(&self) -> io::Result<bool> {
        let text = read_text(&self.file)?;
        Ok(text.lines().any(|line| line == SYNC_FAILED))
    }

    fn drop_pages(&self) -> io::Result<()> {
        let file = OpenOptions::new().read(true).write(true).open(&self.path)?;
        // Pages that are still to be written are not dropped, and there may be some that no sync has failed on.
        file.sync_all()?;
        drop_pages(&file)
    }

    fn forget(&self) -> io::Result<()> {
        self.write_text(false)
    }
}

#[cfg(target_os = "linux")]
fn drop_pages(file: &File) -> io::Result<()> {
    // All of them: a length of none is that of the file.
    rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed)?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn drop_pages(_file: &File) -> io::Result<()> {
    log::warn!(
        "this system cannot be told to read a file from the disk again; start the machine again to be sure of the store"
    );
    Ok(())
}

fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

fn read_id(file: &File) -> Option<u32> {
    read_text(file).ok()?.lines().next()?.trim().parse().ok()
}

fn read_text(mut file: &File) -> io::Result<String> {
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(100).read_to_end(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
