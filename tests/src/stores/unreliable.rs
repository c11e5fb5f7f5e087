//! A store that is slow, and does not keep every batch.

use kr_runtime::__private::engine::{Batch, Engine, WriteError};
use kr_runtime::{Store, Volatile};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How unreliable a store is.
#[derive(Debug, Clone, Copy)]
pub struct Unreliable {
    /// One batch of that many is not kept; 0 for none.
    pub fails_one_in: u64,
    /// The longest time that a write takes; each takes a random part of it.
    pub longest_write: Duration,
    /// What the random choices start from.
    pub seed: u64,
}

/// What the store has kept, by lock.
#[derive(Debug, Clone, Default)]
pub struct KeptCommits(Arc<Mutex<HashMap<String, LockHistory>>>);

#[derive(Debug, Default)]
struct LockHistory {
    /// The last revision that was written or refused.
    last: u64,
    kept: u64,
    refused: u64,
}

impl KeptCommits {
    /// How many commits under this lock were kept, and how many were not.
    ///
    /// # Panics
    /// If the engine has panicked.
    #[must_use]
    pub fn of(&self, lock: &str) -> (u64, u64) {
        let histories = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        histories
            .get(lock)
            .map_or((0, 0), |history| (history.kept, history.refused))
    }
}

struct UnreliableEngine {
    how: Unreliable,
    random: u64,
    kept: KeptCommits,
}

impl Unreliable {
    /// A store that behaves like this, and what it has kept.
    #[must_use]
    pub fn store(self) -> (Store<Volatile>, KeptCommits) {
        let kept = KeptCommits::default();
        let engine = UnreliableEngine {
            how: self,
            random: self.seed | 1,
            kept: kept.clone(),
        };
        (Store::with_engine(engine), kept)
    }
}

impl UnreliableEngine {
    /// A number below `bound` (xorshift64).
    fn below(&mut self, bound: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % bound
    }
}

impl Engine for UnreliableEngine {
    fn write(&mut self, batch: &Batch) -> Result<(), WriteError> {
        let longest = u64::try_from(self.how.longest_write.as_micros()).unwrap_or(u64::MAX);
        let time = self.below(longest.max(1));
        // Most writes of a real disk are fast.
        if time > longest / 4 {
            thread::sleep(Duration::from_micros(time));
        }
        let fails = self.how.fails_one_in > 0 && self.below(self.how.fails_one_in) == 0;
        let mut histories = self.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        for lock in batch.commits.iter().flat_map(|commit| &commit.locks) {
            let history = histories.entry(lock.key().to_owned()).or_default();
            assert!(
                lock.revision() > history.last,
                "revision {} of {} comes after {}",
                lock.revision(),
                lock.key(),
                history.last
            );
            history.last = lock.revision();
            match fails {
                true => history.refused += 1,
                false => history.kept += 1,
            }
        }
        match fails {
            true => Err(WriteError::NotWritten("this batch is not kept".to_owned())),
            false => Ok(()),
        }
    }
}
