//! The store in a file: the engine is [redb](https://docs.rs/redb), which keeps tables in copy-on-write trees.
//!
//! [`open`] finds the file, [`owner`] makes sure that this process alone has it, [`check`] that it is what was written, and
//! [`presence`] that it is still there. [`watch`] sees what the disk answers, [`failed_syncs`] remembers the worst of it for the
//! next start, [`shared`] opens the file again after an error, and [`kept`] finds out what it has then. [`engine`] writes batches,
//! [`snapshot`] reads, by way of [`reading`], and [`format`](mod@format) says what is in the file.

mod check;
mod engine;
mod failed_syncs;
mod format;
mod kept;
mod open;
mod owner;
mod presence;
mod reading;
mod shared;
mod snapshot;
mod watch;

pub use failed_syncs::FailedSyncs;
pub use open::FileOptions;
