//! Stores that several processes share. A lock of the process is not enough then: before a call sees the values that it is
//! to change, their rows are locked in the store, too, and they stay locked until its commit is durable.
//!
//! ```text
//! call 1   lock ── rows of the lock ── run ── commit ┐
//! call 2          (waits for the lock)         run ── commit ┐        each in memory, on what the one before left
//!                  └────────── an open batch ────────────────┴ one write, one transaction
//! ```
//!
//! An [`OpenBatch`] is what holds the rows: calls enter it as long as it takes more, and their commits are written together.
//! A value is never newer in memory than in the store, so a reader [asks](lock_rows) the store what has changed.

mod lock_rows;
mod open_batch;
mod shared_group;
mod shared_row;
mod shared_store;

pub(crate) use lock_rows::{lock_rows, refresh};
pub(crate) use open_batch::{OpenBatch, RowLocks};
pub(crate) use shared_group::{KnownRow, SharedGroup, StoredRow, WatchedGroup};
pub(crate) use shared_row::SharedRow;
#[cfg(all(feature = "operations", feature = "postgres"))]
pub(super) use shared_store::ConnectionCounts;
pub(crate) use shared_store::SharedStore;
#[cfg(feature = "postgres")]
pub(super) use shared_store::{RowLockError, RowRequest};
