//! What can be observed of a request: a span, and metrics if somebody wants them.

use super::outcome::Outcome;
use super::recorder::Recorder;
use crate::check::HandlerInfo;
use crate::lock::LockError;
use axum::response::Response;
use std::thread;
use std::time::{Duration, Instant};
use tracing::Span;
use tracing::field::{Empty, Value, debug, display};

/// What a request is doing.
enum Phase {
    /// Extracting arguments, or waiting for locks.
    Waiting,
    /// Running with its locks.
    Holding,
    /// Waiting until its commit is durable.
    Storing,
    Ended,
}

/// A request that may be observed. If it is not, finding that out is all that this costs.
pub(super) struct RequestTrace {
    recorder: Recorder,
    span: Span,
    /// When the current phase began, if anything is measured.
    since: Option<Instant>,
    phase: Phase,
}

impl RequestTrace {
    pub(super) fn begin(info: &'static HandlerInfo, recorder: Recorder) -> Self {
        let span = tracing::debug_span!(
            "request",
            handler = info.handler,
            method = info.method.as_str(),
            path = info.path,
            wait = Empty,
            hold = Empty,
            durable = Empty,
            revision = Empty,
            outcome = Empty,
        );
        let is_watched = recorder.is_on() || !span.is_disabled();
        Self {
            recorder,
            since: is_watched.then(now),
            span,
            phase: Phase::Waiting,
        }
    }

    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    /// The arguments are extracted. What follows is the wait for locks.
    pub(super) fn extracted(&mut self) {
        let _extraction = self.lap();
    }

    /// The locks are acquired. If it is known that there was no wait, the clock is not read for it.
    pub(super) fn locks_acquired(&mut self) {
        self.phase = Phase::Holding;
        let wait = match has_not_waited() {
            true => self.since.map(|_| Duration::ZERO),
            false => self.lap(),
        };
        if let Some(wait) = wait {
            self.record("wait", || debug(wait));
            self.recorder.waited(wait);
        }
    }

    /// The call has committed or rolled back, and released its locks.
    pub(super) fn finished(&mut self, revision: Option<u64>) {
        self.phase = Phase::Storing;
        if let Some(revision) = revision {
            self.record("revision", || revision);
        }
        if let Some(hold) = self.lap() {
            self.record("hold", || debug(hold));
            self.recorder.held(hold);
        }
    }

    /// The store has written what the call has done or seen.
    pub(super) fn durable(&mut self) {
        if let Some(durable) = self.lap() {
            self.record("durable", || debug(durable));
            self.recorder.stored(durable);
        }
    }

    /// A span that nobody looks at would look for the field by its name all the same.
    fn record<V: Value>(&self, field: &'static str, value: impl FnOnce() -> V) {
        if !self.span.is_disabled() {
            self.span.record(field, value());
        }
    }

    /// How long the phase took that ends here.
    fn lap(&mut self) -> Option<Duration> {
        let since = self.since.as_mut()?;
        let now = Instant::now();
        Some(now - std::mem::replace(since, now))
    }

    /// The locks were not granted.
    pub(super) fn refused(&mut self, error: &LockError, response: Response) -> Response {
        self.end(match error {
            LockError::TimedOut { .. } => Outcome::TimedOut,
            LockError::QueueFull { .. } => Outcome::QueueFull,
            _ => Outcome::Refused,
        });
        response
    }

    /// An extractor rejected the request.
    pub(super) fn rejected(&mut self, response: Response) -> Response {
        self.end(Outcome::Rejected);
        response
    }

    pub(super) fn end(&mut self, outcome: Outcome) {
        let phase = std::mem::replace(&mut self.phase, Phase::Ended);
        if self.since.is_none() {
            return;
        }
        if matches!(phase, Phase::Holding)
            && let Some(hold) = self.lap()
        {
            self.record("hold", || debug(hold));
            self.recorder.held(hold);
        }
        self.record("outcome", || display(outcome.as_str()));
        self.recorder.ended(outcome);
    }
}

fn has_not_waited() -> bool {
    #[cfg(feature = "operations")]
    return super::route_metrics::has_not_waited();
    #[cfg(not(feature = "operations"))]
    false
}

/// The first moment of a request.
fn now() -> Instant {
    #[cfg(feature = "operations")]
    return super::route_metrics::started();
    #[cfg(not(feature = "operations"))]
    Instant::now()
}

impl Drop for RequestTrace {
    fn drop(&mut self) {
        match self.phase {
            Phase::Ended => {}
            _ if thread::panicking() => self.end(Outcome::Panicked),
            // The client has gone; the store writes the commit all the same.
            Phase::Storing => self.end(Outcome::Unanswered),
            _ => self.end(Outcome::Cancelled),
        }
    }
}
