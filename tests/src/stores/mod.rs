//! Stores for tests: one that writes when the test says so, and one that is slow and fails at random.

mod manual;
mod unreliable;

pub use manual::{ManualStore, manual_store};
pub use unreliable::{KeptCommits, Unreliable};
