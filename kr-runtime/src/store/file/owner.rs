//! One process owns the file. Which one is told by a lock on a file beside it, `bank.kr.lock`, in which the owner writes its
//! process id for others to read. The id decides nothing: in containers every process has the id 1.

use super::super::StoreError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::sync::log;

/// How often to look whether the owner has gone.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The right to the file, until this is dropped.
#[derive(Debug)]
pub(super) struct Owner {
    /// Its lock is released when it is closed, also by a crash.
    _file: File,
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
        let mut file = opened.map_err(|error| StoreError::io(&lock_path, &error))?;
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
            let owner = read_id(&mut file);
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
        // Only for others to read, so an error changes nothing.
        let _ = write_id(&mut file);
        Ok(Self { _file: file })
    }
}

fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

fn read_id(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn write_id(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    writeln!(file, "{}", std::process::id())
}
