//! The system's cache of a file: it has pages that are not on the disk yet, and after a failed sync some that never will be.

use std::collections::BTreeSet;

const PAGE: usize = 4096;

/// What the disk has, behind the bytes that reads see.
#[derive(Debug, Default)]
pub(super) struct PageCache {
    on_disk: Vec<u8>,
    /// The numbers of the pages that the next sync writes.
    to_write: BTreeSet<usize>,
}

impl PageCache {
    /// Bytes were written; they are in the cache only.
    pub(super) fn write(&mut self, offset: u64, length: usize) {
        let start = usize::try_from(offset).expect("an offset in memory");
        self.to_write
            .extend(start / PAGE..(start + length).div_ceil(PAGE));
    }

    /// What was written since the last sync reaches the disk.
    pub(super) fn sync(&mut self, bytes: &[u8]) {
        self.on_disk.resize(bytes.len(), 0);
        for page in std::mem::take(&mut self.to_write) {
            let (start, end) = (page * PAGE, bytes.len().min((page + 1) * PAGE));
            if start < end {
                self.on_disk[start..end].copy_from_slice(&bytes[start..end]);
            }
        }
    }

    /// Nothing of it reaches the disk, and the system takes it for written: no later sync tries that again.
    pub(super) fn sync_fails(&mut self, bytes: &[u8]) {
        self.on_disk.resize(bytes.len(), 0);
        self.to_write.clear();
    }

    /// What reads see once there is nothing in the cache.
    pub(super) fn drop_pages(&mut self) -> Vec<u8> {
        self.to_write.clear();
        self.on_disk.clone()
    }
}
