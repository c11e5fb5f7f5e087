//! What the disk answers to redb, seen on the way: after a failed sync nothing is certain any more, and a failed write is
//! only in doubt if the file's header was touched.

use super::failed_syncs::{self, FailedSyncs};
use super::reading;
use redb::StorageBackend;
use std::io;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// redb's header. Writing it is the last step of a commit.
const HEADER_LENGTH: u64 = 512;

/// Whether a system that says this has written nothing. The header is in one block, so it has room for all of it or for nothing.
fn is_refusal(error: &io::Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(
        error.kind(),
        StorageFull | QuotaExceeded | ReadOnlyFilesystem
    )
}

/// What the disk has answered.
#[derive(Debug, Default)]
pub(super) struct DiskWatch {
    /// A sync failed: the kernel may have dropped what it was to write.
    sync_failed: AtomicBool,
    /// Where that is noted. As the owner of the file it is dropped when nobody has the file open any more.
    failed_syncs: Option<Arc<dyn FailedSyncs>>,
    header_writes: AtomicU64,
}

impl DiskWatch {
    pub(super) fn new(failed_syncs: Option<Arc<dyn FailedSyncs>>) -> Self {
        Self {
            failed_syncs,
            ..Self::default()
        }
    }

    pub(super) fn has_sync_failed(&self) -> bool {
        self.sync_failed.load(Ordering::Acquire)
    }

    /// How often the header was written, or may have been.
    pub(super) fn header_writes(&self) -> u64 {
        self.header_writes.load(Ordering::Acquire)
    }
}

/// A backend whose answers are seen.
#[derive(Debug)]
pub(super) struct Watched<B> {
    pub(super) backend: B,
    pub(super) watch: Arc<DiskWatch>,
}

type LockResult<T> = Result<T, redb::BackendError>;

impl<B: StorageBackend> StorageBackend for Watched<B> {
    fn len(&self) -> Result<u64, io::Error> {
        self.backend.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        self.backend.read(offset, out).map_err(reading::failed)
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        self.backend.set_len(len)
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        let synced = self.backend.sync_data();
        if synced.is_err() {
            self.watch.sync_failed.store(true, Ordering::Release);
            if let Some(failed_syncs) = &self.watch.failed_syncs {
                failed_syncs::note(&**failed_syncs);
            }
        }
        synced
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        let written = self.backend.write(offset, data);
        let has_changed_nothing = written.as_ref().is_err_and(is_refusal);
        if offset < HEADER_LENGTH && !has_changed_nothing {
            self.watch.header_writes.fetch_add(1, Ordering::AcqRel);
        }
        written
    }

    fn close(&self) -> Result<(), io::Error> {
        self.backend.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> LockResult<bool> {
        self.backend.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> LockResult<bool> {
        self.backend.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> LockResult<()> {
        self.backend.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> LockResult<()> {
        self.backend.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> LockResult<()> {
        self.backend.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> LockResult<bool> {
        self.backend.query_lock_range(start, end)
    }
}
