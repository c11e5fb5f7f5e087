//! What a connection is doing, as its supervisor sees it.

use crate::http::BodyFailure;
use futures_util::task::AtomicWaker;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Waker};

/// What a connection is doing. Its socket and its requests write this down, and only the [supervisor](super::supervisor)
/// looks at a clock, so that no request pays for a timer.
#[derive(Default)]
pub(super) struct Activity {
    /// Bytes from and to the client.
    pub(super) read: AtomicU64,
    pub(super) written: AtomicU64,
    /// The client does not read what there is to write.
    pub(super) is_write_blocked: AtomicBool,
    /// How many requests have begun.
    pub(super) requests: AtomicU64,
    /// Requests whose response is not complete.
    open: AtomicU32,
    /// `read` when the last request ended.
    pub(super) read_at_end: AtomicU64,
    /// A request waits for more of its body.
    pub(super) is_waiting_for_body: AtomicBool,
    /// The body of a request was not read to its end.
    pub(super) has_unread_body: AtomicBool,
    /// It speaks another protocol now, such as WebSocket.
    pub(super) is_upgraded: AtomicBool,
    pub(super) is_closed: AtomicBool,
    /// The server stops.
    is_stopping: AtomicBool,
    /// The client has taken too long.
    is_expired: AtomicBool,
    body_failure: AtomicU8,
    body_waker: AtomicWaker,
    task: OnceLock<Waker>,
}

/// A request whose response is not complete.
pub(super) struct OpenRequest(pub(super) Arc<Activity>);

/// Adds without a locked instruction: each counter has a single writer.
pub(super) fn add(counter: &AtomicU64, number: u64) {
    counter.store(counter.load(Relaxed) + number, Relaxed);
}

impl OpenRequest {
    pub(super) fn begin(activity: &Arc<Activity>) -> Self {
        add(&activity.requests, 1);
        activity.open.fetch_add(1, Relaxed);
        activity.has_unread_body.store(false, Relaxed);
        Self(Arc::clone(activity))
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        let activity = &self.0;
        activity
            .read_at_end
            .store(activity.read.load(Relaxed), Relaxed);
        activity.open.fetch_sub(1, Relaxed);
    }
}

impl Activity {
    /// Whether a request was read and its response is not complete.
    pub(super) fn has_open_request(&self) -> bool {
        self.open.load(Relaxed) > 0
    }

    /// Whether nothing is left to do for a request that was read.
    pub(super) fn is_quiet(&self) -> bool {
        !self.has_open_request() && !self.is_write_blocked.load(Relaxed)
    }

    /// The first call says which task serves the connection.
    pub(super) fn set_task(&self, context: &Context<'_>) {
        self.task.get_or_init(|| context.waker().clone());
    }

    fn wake(&self) {
        if let Some(task) = self.task.get() {
            task.wake_by_ref();
        }
    }

    pub(super) fn stop(&self) {
        self.is_stopping.store(true, Relaxed);
        self.fail_body(BodyFailure::Stopping);
        self.wake();
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Relaxed)
    }

    pub(super) fn expire(&self) {
        self.is_expired.store(true, Relaxed);
        self.wake();
    }

    pub(super) fn is_expired(&self) -> bool {
        self.is_expired.load(Relaxed)
    }

    /// Bodies that are not complete fail from now on.
    pub(super) fn fail_body(&self, failure: BodyFailure) {
        self.body_failure.store(failure as u8, Relaxed);
        self.body_waker.wake();
    }

    /// More of a body is waited for, unless no more is to be waited for.
    pub(super) fn wait_for_body(&self, context: &Context<'_>) -> Option<BodyFailure> {
        self.is_waiting_for_body.store(true, Relaxed);
        self.body_waker.register(context.waker());
        BodyFailure::from_byte(self.body_failure.load(Relaxed))
    }
}
