//! Stores for tests: one that writes when the test says so, one that is slow and fails at random, and a disk that fails or
//! loses its power.

mod crash;
mod disk;
mod manual;
mod page_cache;
mod unreliable;

pub use crash::CrashImages;
pub use disk::{Disk, Faults};
pub use manual::{ManualStore, manual_store};
pub use unreliable::{KeptCommits, Unreliable};
