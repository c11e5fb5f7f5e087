//! Plain functions that run off the runtime's workers.

use super::responding::Responding;
use crate::snapshot::inherit_in_thread;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use tokio::task::spawn_blocking;
use tokio_util::task::TaskTracker;
use tracing::Span;

/// Runs code that takes its time in a thread that serves nothing else. A panic goes on where this is awaited.
///
/// The tracker knows of it until it ends, whatever becomes of the request.
pub(super) async fn off_the_workers<T: Send + 'static>(
    tracker: TaskTracker,
    run: impl FnOnce() -> T + Send + 'static,
) -> T {
    let span = Span::current();
    let run = inherit_in_thread(run);
    let running = tracker.token();
    let result = spawn_blocking(move || {
        let _running = running;
        let result = catch_unwind(AssertUnwindSafe(|| span.in_scope(run)));
        result.map_err(|panic| (panic, Responding::take_has_committed()))
    });
    match result.await {
        Ok(Ok(output)) => output,
        Ok(Err((panic, has_committed))) => {
            Responding::set_has_committed(has_committed);
            resume_unwind(panic)
        }
        // The runtime shuts down, and so nobody waits for this any more.
        Err(cancelled) => resume_unwind(Box::new(cancelled.to_string())),
    }
}
