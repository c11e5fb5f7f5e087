//! Logging that never panics.
//!
//! Where the reader of a log has gone, a subscriber may panic, as `eprintln!` does. That must not take a response or a stop
//! with it.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Logs, and goes on whatever happens.
pub(crate) fn guarded(log: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(log));
}

macro_rules! guarded_error {
    ($($event:tt)*) => { $crate::sync::log::guarded(|| ::tracing::error!($($event)*)) };
}

macro_rules! guarded_warn {
    ($($event:tt)*) => { $crate::sync::log::guarded(|| ::tracing::warn!($($event)*)) };
}

macro_rules! guarded_info {
    ($($event:tt)*) => { $crate::sync::log::guarded(|| ::tracing::info!($($event)*)) };
}

pub(crate) use {guarded_error as error, guarded_info as info, guarded_warn as warn};
