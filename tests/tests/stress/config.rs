//! What the stress tests share: their size and seed, random numbers, and the memory that they leave.

use kr_runtime::{Store, Volatile};
use kr_tests::stores::{KeptCommits, Unreliable};
use std::env;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The size and the seed of a run, and its store.
#[derive(Clone, Copy)]
pub(crate) struct Config {
    pub(crate) requests: usize,
    pub(crate) seed: u64,
    pub(crate) store: StoreKind,
}

/// Where the states of a run live.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum StoreKind {
    /// Every commit is kept, at once.
    Memory,
    /// A commit takes up to a millisecond, and one batch of 20 is not kept.
    Unreliable,
}

impl Config {
    pub(crate) fn from_env(requests: usize, store: StoreKind) -> Self {
        let number = |name| env::var(name).ok().and_then(|value| value.parse().ok());
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let seed = number("KR_STRESS_SEED").unwrap_or_else(|| now.unwrap().as_secs());
        let requests = number("KR_STRESS").map_or(requests, |requests: u64| requests as usize);
        println!("{requests} requests, {store:?}; KR_STRESS_SEED={seed} repeats them");
        Self {
            requests,
            seed,
            store,
        }
    }

    /// The store, and what it has kept; `None` for memory.
    pub(crate) fn store(self) -> (Store<Volatile>, Option<KeptCommits>) {
        if self.store == StoreKind::Memory {
            return (Store::memory(), None);
        }
        let unreliable = Unreliable {
            fails_one_in: 20,
            longest_write: Duration::from_millis(1),
            seed: self.seed,
        };
        let (store, kept) = unreliable.store();
        (store, Some(kept))
    }
}

/// Random numbers that can be repeated: `SplitMix64`.
pub(crate) struct Rng(u64);

impl Rng {
    /// Each client has its own generator.
    pub(crate) fn new(seed: u64, client: usize) -> Self {
        Self(seed ^ (client as u64 + 1).wrapping_mul(0xd6e8_feb8_6659_fd93))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// The resident memory of the process in kB, where the system reports it.
pub(crate) fn resident_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Asserts that memory grew by less than `slack` kB between the two: what an allocator keeps does not grow with the number of
/// requests.
pub(crate) fn assert_memory_is_freed(before: Option<u64>, after: Option<u64>, slack: u64) {
    let (Some(before), Some(after)) = (before, after) else {
        return;
    };
    println!("memory: {before} kB after the first tenth, {after} kB at the end");
    assert!(after < before + slack, "memory was leaked");
}

/// Runs one stress test at a time: they measure the memory of the process.
pub(crate) fn one_at_a_time() -> MutexGuard<'static, ()> {
    static EXCLUSIVE: Mutex<()> = Mutex::new(());
    EXCLUSIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs requests on four threads, while no other test measures memory.
pub(crate) fn run_alone<F: Future<Output = ()>>(run: impl FnOnce(Config) -> F, config: Config) {
    let _exclusive = one_at_a_time();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build();
    runtime.unwrap().block_on(run(config));
}
