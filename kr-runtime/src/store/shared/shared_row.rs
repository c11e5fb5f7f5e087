//! What is known of a row in a store that other processes change as well.

use super::open_batch::OpenBatch;
use crate::store::stored_counters::{FoundCounters, Number};
use crate::store::version::Stamp;
use std::sync::Arc;
use std::time::Instant;

/// What is known of the row of a lock in a store that other processes change as well.
#[derive(Default)]
pub(crate) struct SharedRow {
    /// What the row was when it was read or written last.
    pub(in crate::store) known: Option<Stamp>,
    /// How often the row was written for its counters alone, which makes no revision.
    pub(in crate::store) counted: i64,
    /// The counters in the durable values, in the order in which they are read.
    pub(in crate::store) counters: Vec<Arc<Number>>,
    /// Those that a batch is about to write.
    pub(in crate::store) to_write: FoundCounters,
    /// How often the durable version has changed.
    pub(in crate::store) generation: u64,
    /// When the store was asked last, as far as it has answered.
    pub(in crate::store) asked_at: Option<Instant>,
    /// What holds the row, and takes the commits of its lock.
    pub(in crate::store) batch: Option<Arc<OpenBatch>>,
}
