//! What a storm is made of: its size, its seed, chance, and the memory that it leaves.

use std::env;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// How a storm is to be.
#[derive(Clone, Copy)]
pub(crate) struct Weather {
    pub(crate) requests: usize,
    pub(crate) seed: u64,
}

impl Weather {
    pub(crate) fn of_today(requests: usize) -> Self {
        let number = |name| env::var(name).ok().and_then(|value| value.parse().ok());
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let seed = number("KR_STORM_SEED").unwrap_or_else(|| now.unwrap().as_secs());
        let requests = number("KR_STORM").map_or(requests, |requests: u64| requests as usize);
        println!("{requests} requests; KR_STORM_SEED={seed} asks for the same ones again");
        Self { requests, seed }
    }
}

/// Chance that can be repeated: `SplitMix64`.
pub(crate) struct Dice(u64);

impl Dice {
    /// Each client has dice of its own.
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

/// The memory of the process in kB, where the system tells it.
pub(crate) fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// What was left behind between the two is less than so many kB: what allocators keep does not grow with the number of
/// requests.
pub(crate) fn memory_is_back(before: Option<u64>, after: Option<u64>, slack: u64) {
    let (Some(before), Some(after)) = (before, after) else {
        return;
    };
    println!("memory: {before} kB after the first tenth, {after} kB at the end");
    assert!(after < before + slack, "the storm left something behind");
}

/// One storm at a time: they measure the memory of the process.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}
