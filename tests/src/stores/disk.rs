//! A disk in memory that fails as the test says, and that knows what it was asked to write.

use super::page_cache::PageCache;
use kr_runtime::__private::FailedSyncs;
use kr_runtime::{Durable, Store, StoreError};
use redb::StorageBackend;
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// A disk in memory with one file. Its clones are the same disk.
#[derive(Debug, Clone, Default)]
pub struct Disk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// What reads see.
    bytes: Vec<u8>,
    /// If it is known what of that has not reached the disk.
    cache: Option<PageCache>,
    /// Lives as long as a store has the file open.
    owner: Weak<Disk>,
    /// Beside the file it says that a sync has failed.
    sync_failed: bool,
    faults: Faults,
    /// If it is recorded what is asked of the disk.
    log: Option<Vec<Request>>,
    /// A sync says that it is done, and nothing is.
    is_lying: bool,
}

/// What a disk refuses to do.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// There is no room for another byte: the file cannot grow.
    pub cannot_grow: bool,
    /// Nothing can be written for lack of room, not even over what is there: new blocks are taken for every write.
    pub is_full: bool,
    /// The file system was mounted again for reading only, as some do after an error.
    pub is_read_only: bool,
    /// So many syncs fail.
    pub failing_syncs: u32,
    /// So many writes fail, after that many that do not.
    pub failing_writes: Option<(u32, u32)>,
    /// These bytes cannot be read.
    pub unreadable: Vec<Range<u64>>,
}

/// What a disk was asked to do.
#[derive(Debug, Clone)]
pub(super) enum Request {
    Write { offset: u64, data: Vec<u8> },
    SetLength(u64),
    Sync,
}

impl Disk {
    /// A disk with a file that has these bytes.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> Self {
        let disk = Self::default();
        disk.state().bytes = bytes;
        disk
    }

    /// An empty disk that records what is asked of it.
    #[must_use]
    pub fn recording() -> Self {
        let disk = Self::default();
        disk.state().log = Some(Vec::new());
        disk
    }

    /// An empty disk behind the system's cache of pages: after a failed sync, reads see what the disk does not have.
    #[must_use]
    pub fn cached() -> Self {
        let disk = Self::default();
        disk.state().cache = Some(PageCache::default());
        disk
    }

    /// The machine starts again: what the disk does not have is gone.
    pub fn restart_machine(&self) {
        self.state().drop_pages();
    }

    /// As [`recording`](Self::recording), but its syncs do nothing and say that they have.
    #[must_use]
    pub fn lying() -> Self {
        let disk = Self::recording();
        disk.state().is_lying = true;
        disk
    }

    /// Opens the store on it, once nobody else has it open.
    ///
    /// # Errors
    /// As [`Store::open`].
    ///
    /// # Panics
    /// If another store has it open for ten seconds more.
    pub fn open(&self) -> Result<Store<Durable>, StoreError> {
        self.open_with(true)
    }

    /// As [`open`](Self::open), but every read is one of the disk: nothing is kept in memory.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    ///
    /// # Panics
    /// As [`open`](Self::open).
    pub fn open_uncached(&self) -> Result<Store<Durable>, StoreError> {
        self.open_with(false)
    }

    fn open_with(&self, is_cached: bool) -> Result<Store<Durable>, StoreError> {
        let (disk, owner) = (self.clone(), self.own());
        Store::open_backend(move || Ok(disk.clone()), Some(owner), is_cached)
    }

    /// Opens the store on it as if nobody had noted that a sync has failed.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    ///
    /// # Panics
    /// As [`open`](Self::open).
    pub fn open_trusting(&self) -> Result<Store<Durable>, StoreError> {
        let owner = self.own();
        Store::open_backend(move || Ok(Self::clone(&owner)), None, true)
    }

    /// The lock that a file would have: a test that drops an application does not know when its connections have ended.
    fn own(&self) -> Arc<Self> {
        let end = Instant::now() + Duration::from_secs(10);
        loop {
            let mut state = self.state();
            if state.owner.strong_count() == 0 {
                let owner = Arc::new(self.clone());
                state.owner = Arc::downgrade(&owner);
                return owner;
            }
            drop(state);
            assert!(Instant::now() < end, "a store still has the disk open");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Changes what it refuses to do.
    pub fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.state().bytes.clone()
    }

    /// How much it was asked to do so far.
    #[must_use]
    pub fn position(&self) -> usize {
        self.state().log.as_ref().map_or(0, Vec::len)
    }

    pub(super) fn log(&self) -> Vec<Request> {
        self.state().log.clone().unwrap_or_default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn drop_pages(&mut self) {
        if let Some(cache) = &mut self.cache {
            self.bytes = cache.drop_pages();
        }
    }

    fn refuse(&mut self, end: u64) -> io::Result<()> {
        let grows = end > self.bytes.len() as u64;
        if self.faults.is_read_only {
            return Err(ErrorKind::ReadOnlyFilesystem.into());
        }
        if self.faults.is_full || self.faults.cannot_grow && grows {
            return Err(ErrorKind::StorageFull.into());
        }
        match &mut self.faults.failing_writes {
            Some((before @ 1.., _)) => *before -= 1,
            Some((_, failing @ 1..)) => {
                *failing -= 1;
                return Err(io::Error::other("a write failed, as the test says"));
            }
            _ => {}
        }
        Ok(())
    }

    fn record(&mut self, request: Request) {
        self.log
            .iter_mut()
            .for_each(|log| log.push(request.clone()));
    }
}

/// Does what a disk was asked to.
pub(super) fn apply(bytes: &mut Vec<u8>, request: &Request) {
    match request {
        Request::Write { offset, data } => {
            let (start, end) = (index(*offset), index(*offset) + data.len());
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[start..end].copy_from_slice(data);
        }
        Request::SetLength(length) => bytes.resize(index(*length), 0),
        Request::Sync => {}
    }
}

fn index(offset: u64) -> usize {
    usize::try_from(offset).expect("an offset in memory")
}

impl FailedSyncs for Disk {
    fn note(&self) -> io::Result<()> {
        self.state().sync_failed = true;
        Ok(())
    }

    fn is_noted(&self) -> io::Result<bool> {
        Ok(self.state().sync_failed)
    }

    fn drop_pages(&self) -> io::Result<()> {
        self.sync_data()?;
        self.state().drop_pages();
        Ok(())
    }

    fn forget(&self) -> io::Result<()> {
        self.state().sync_failed = false;
        Ok(())
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, io::Error> {
        Ok(self.state().bytes.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        let state = self.state();
        let end = offset + out.len() as u64;
        let mut unreadable = state.faults.unreadable.iter();
        if unreadable.any(|bytes| offset < bytes.end && bytes.start < end) {
            return Err(io::Error::other("a read failed, as the test says"));
        }
        let bytes = state.bytes.get(index(offset)..index(end));
        out.copy_from_slice(bytes.ok_or(ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        let mut state = self.state();
        state.refuse(len)?;
        let request = Request::SetLength(len);
        apply(&mut state.bytes, &request);
        state.record(request);
        Ok(())
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        let mut state = self.state();
        if state.faults.failing_syncs > 0 {
            state.faults.failing_syncs -= 1;
            let State { bytes, cache, .. } = &mut *state;
            cache.iter_mut().for_each(|cache| cache.sync_fails(bytes));
            return Err(io::Error::other("a sync failed, as the test says"));
        }
        let State { bytes, cache, .. } = &mut *state;
        cache.iter_mut().for_each(|cache| cache.sync(bytes));
        if !state.is_lying {
            state.record(Request::Sync);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        let mut state = self.state();
        state.refuse(offset + data.len() as u64)?;
        state
            .cache
            .iter_mut()
            .for_each(|cache| cache.write(offset, data.len()));
        let data = data.to_vec();
        let request = Request::Write { offset, data };
        apply(&mut state.bytes, &request);
        state.record(request);
        Ok(())
    }
}
