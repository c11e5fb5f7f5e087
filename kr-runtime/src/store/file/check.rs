//! Whether every page of a file is what was written.
//!
//! A row has a checksum that is looked at whenever it is read. What leads to it has checksums that redb looks at only after a
//! crash: with a bit changed there, rows would seem not to be there. So a file is read as a whole when it is opened, unless it
//! is large.
//!
//! redb mends what it finds, by going back to the commit before the last one. That must not happen to a file whose last commit
//! was answered, so what the check writes is kept in memory, over the file, and dropped.

use super::super::StoreError;
use redb::{Builder, StorageBackend};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Files up to that length are checked, unless it is said otherwise. That takes about a third of a second.
pub(super) const CHECKED_LENGTH: u64 = 256 * 1024 * 1024;

/// In redb's header, behind the first bytes: whether the file was closed, or has to be looked through.
const FLAGS_OFFSET: u64 = 9;
const NOT_CLOSED: u8 = 2;

/// What the check writes is kept in pieces of this size.
const PAGE: u64 = 4096;

/// Checks every page of a file that was closed. One that was not is checked by redb when it opens it.
pub(super) fn check<B: StorageBackend>(
    path: &Path,
    backend: B,
    cache: usize,
) -> Result<(), StoreError> {
    let mut flags = [0];
    let length = backend
        .len()
        .map_err(|error| StoreError::io(path, &error))?;
    let is_closed = length > FLAGS_OFFSET && {
        let read = backend.read(FLAGS_OFFSET, &mut flags);
        read.map_err(|error| StoreError::io(path, &error))?;
        flags[0] & NOT_CLOSED == 0
    };
    if !is_closed {
        return Ok(());
    }
    let overlay = Overlay {
        backend,
        length,
        state: Mutex::new(Written {
            length,
            pages: BTreeMap::new(),
        }),
    };
    let mut builder = Builder::new();
    builder.set_cache_size(cache);
    let database = builder.create_with_backend(overlay);
    let mut database = database.map_err(|error| StoreError::of_database(path, error))?;
    let checked = database.check_integrity();
    match checked.map_err(|error| StoreError::of_database(path, error))? {
        true => Ok(()),
        false => Err(StoreError::Damaged {
            path: path.to_owned(),
            reason: "some of it is not what was written".to_owned(),
        }),
    }
}

/// A file as it would be after some writes.
#[derive(Debug)]
struct Overlay<B> {
    backend: B,
    /// Of the file itself.
    length: u64,
    state: Mutex<Written>,
}

#[derive(Debug)]
struct Written {
    length: u64,
    /// Those that were written, by their numbers.
    pages: BTreeMap<u64, Vec<u8>>,
}

impl<B: StorageBackend> Overlay<B> {
    fn state(&self) -> MutexGuard<'_, Written> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A page of the file itself; zeros where it ends.
    fn page(&self, number: u64) -> io::Result<Vec<u8>> {
        let mut page = vec![0; size(PAGE)];
        let start = number * PAGE;
        let length = self.length.saturating_sub(start).min(PAGE);
        if length > 0 {
            self.backend.read(start, &mut page[..size(length)])?;
        }
        Ok(page)
    }
}

/// The part of a page from `offset` on, at most so long: the page's number, where the part begins, and its length.
fn part(offset: u64, length: usize) -> (u64, usize, usize) {
    let start = size(offset % PAGE);
    (offset / PAGE, start, length.min(size(PAGE) - start))
}

fn size(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

impl<B: StorageBackend> StorageBackend for Overlay<B> {
    fn len(&self) -> Result<u64, io::Error> {
        Ok(self.state().length)
    }

    fn read(&self, mut offset: u64, mut out: &mut [u8]) -> Result<(), io::Error> {
        let state = self.state();
        if offset + out.len() as u64 > state.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let end = offset + out.len() as u64;
        if end <= self.length
            && state
                .pages
                .range(offset / PAGE..=end / PAGE)
                .next()
                .is_none()
        {
            drop(state);
            return self.backend.read(offset, out);
        }
        while !out.is_empty() {
            let (number, start, length) = part(offset, out.len());
            let (now, later) = out.split_at_mut(length);
            match state.pages.get(&number) {
                Some(page) => now.copy_from_slice(&page[start..start + length]),
                None => now.copy_from_slice(&self.page(number)?[start..start + length]),
            }
            (offset, out) = (offset + length as u64, later);
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        self.state().length = len;
        Ok(())
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        Ok(())
    }

    fn write(&self, mut offset: u64, mut data: &[u8]) -> Result<(), io::Error> {
        let mut state = self.state();
        while !data.is_empty() {
            let (number, start, length) = part(offset, data.len());
            let (now, later) = data.split_at(length);
            let page = match state.pages.entry(number) {
                Entry::Occupied(page) => page.into_mut(),
                Entry::Vacant(place) => place.insert(self.page(number)?),
            };
            page[start..start + length].copy_from_slice(now);
            (offset, data) = (offset + length as u64, later);
        }
        Ok(())
    }
}
