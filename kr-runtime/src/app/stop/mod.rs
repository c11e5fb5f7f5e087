//! Stopping: the signals that ask for it, and what runs at the end.

mod hooks;
mod last_resort;
mod leave;
mod shutdown_signals;
mod signals;
mod wake;

pub(super) use hooks::{PendingHooks, StopHooks};
pub(super) use last_resort::Unanswered;
pub(super) use leave::Leave;
pub(super) use shutdown_signals::ShutdownSignals;
pub(super) use signals::Signals;
pub(super) use wake::Waking;
