//! The primitives through which one task or thread affects another.
//!
//! The lock engine takes a mutex, the current task's id and timers from here and from nowhere else, so that a model
//! checker can compile the same source against primitives of its own and try one order of events after the other.
//!
//! Uses no other room.

pub(crate) mod block_on;
#[cfg(feature = "operations")]
mod histogram;
pub(crate) mod log;
mod panic_message;
mod queue;
pub(crate) mod timer;

#[cfg(feature = "operations")]
pub(crate) use histogram::{Histogram, HistogramSnapshot};
pub(crate) use panic_message::panic_message;
pub(crate) use queue::{Ended, QueueReceiver, QueueSender, queue};
use std::sync::atomic::{AtomicU64, Ordering};
pub(crate) use std::sync::{Mutex, MutexGuard};
pub(crate) use tokio::task;

/// A number that nothing else in the process has.
pub(crate) fn unique_id() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}
