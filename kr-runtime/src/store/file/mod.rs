//! The store in a file: the engine is [redb](https://docs.rs/redb), which keeps tables in copy-on-write trees.
//!
//! [`open`] finds the file and makes sure that this process alone owns it, [`watch`] sees what the disk answers, [`engine`]
//! writes batches, [`snapshot`] reads, and [`format`] says what is in the file.

mod engine;
mod format;
mod open;
mod owner;
mod shared;
mod snapshot;
mod watch;

pub use open::FileOptions;
