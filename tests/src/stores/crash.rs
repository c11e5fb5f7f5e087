//! What a disk may have on it after its power has failed.
//!
//! Everything before the last sync is there. Of what it was asked to do since, each write is there, or not, or only some of
//! its sectors are, whatever came before or after it.

use super::disk::{Disk, Request, apply};

/// A disk writes a sector whole or not at all.
const SECTOR: usize = 512;

/// The disks that there may be after the power has failed.
#[derive(Debug)]
pub struct CrashImages {
    log: Vec<Request>,
    /// What is certainly there after so many requests.
    synced: (usize, Vec<u8>),
    random: u64,
}

impl CrashImages {
    /// After what a disk was asked to do. The same seed makes the same choices.
    #[must_use]
    pub fn new(disk: &Disk, seed: u64) -> Self {
        Self {
            log: disk.log(),
            synced: (0, Vec::new()),
            random: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
        }
    }

    /// Moments at which the power may fail, in order, none before `first`.
    #[must_use]
    pub fn moments(&mut self, first: usize, count: usize) -> Vec<usize> {
        let later = self.log.len() + 1 - first;
        let moments = (0..count).map(|_| first + self.below(later));
        let mut moments: Vec<usize> = moments.collect();
        moments.sort_unstable();
        moments
    }

    /// What may be there if the power fails after so many requests; no fewer than the last time.
    #[must_use]
    pub fn at(&mut self, moment: usize) -> Disk {
        let mut log = std::mem::take(&mut self.log);
        let (from, synced) = &mut self.synced;
        let is_sync = |request: &Request| matches!(request, Request::Sync);
        if let Some(last) = log[*from..moment].iter().rposition(is_sync) {
            let requests = &log[*from..*from + last];
            requests.iter().for_each(|request| apply(synced, request));
            *from += last;
        }
        let (from, mut bytes) = (*from, synced.clone());
        for request in &log[from..moment] {
            if let Some(done) = self.some_of(request) {
                done.iter().for_each(|request| apply(&mut bytes, request));
            }
        }
        std::mem::swap(&mut self.log, &mut log);
        Disk::of(bytes)
    }

    /// What was done of a request; nothing if it is `None`.
    fn some_of(&mut self, request: &Request) -> Option<Vec<Request>> {
        match self.below(3) {
            0 => None,
            1 => Some(vec![request.clone()]),
            _ => {
                let Request::Write { offset, data } = request else {
                    return None;
                };
                let mut sectors = Vec::new();
                let mut start = 0;
                while start < data.len() {
                    let at = *offset + start as u64;
                    let end = data
                        .len()
                        .min(start + SECTOR - (at % SECTOR as u64) as usize);
                    if self.below(2) == 0 {
                        let data = data[start..end].to_vec();
                        sectors.push(Request::Write { offset: at, data });
                    }
                    start = end;
                }
                Some(sectors)
            }
        }
    }

    /// A number below `bound` (xorshift64).
    fn below(&mut self, bound: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 16) as usize % bound
    }
}
