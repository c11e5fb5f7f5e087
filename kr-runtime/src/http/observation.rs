//! What can be observed of a request: a span, and metrics if the feature is on.

use crate::check::HandlerInfo;
use crate::lock::LockError;
use axum::response::Response;
use std::thread;
use std::time::{Duration, Instant};
use tracing::Span;
use tracing::field::{Empty, debug, display};

/// What became of a request.
#[derive(Clone, Copy)]
pub(super) enum Outcome {
    Read,
    Replayed,
    Committed,
    RolledBack,
    Unchanged,
    Panicked,
    TimedOut,
    QueueFull,
    HoldTimedOut,
    NotKept,
    Refused,
    Rejected,
    Cancelled,
    Unanswered,
}

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
    info: &'static HandlerInfo,
    span: Span,
    /// When the current phase began, if anything is measured.
    since: Option<Instant>,
    phase: Phase,
}

impl RequestTrace {
    pub(super) fn begin(info: &'static HandlerInfo) -> Self {
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
        let is_watched = cfg!(feature = "metrics") || !span.is_disabled();
        Self {
            info,
            since: is_watched.then(Instant::now),
            span,
            phase: Phase::Waiting,
        }
    }

    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    /// The arguments are extracted, and the locks acquired.
    pub(super) fn locks_acquired(&mut self) {
        self.phase = Phase::Holding;
        if let Some(wait) = self.lap() {
            self.span.record("wait", debug(wait));
            metrics::waited(self.info, wait);
        }
    }

    /// The call has committed or rolled back, and released its locks.
    pub(super) fn finished(&mut self, revision: Option<u64>) {
        self.phase = Phase::Storing;
        if let Some(revision) = revision {
            self.span.record("revision", revision);
        }
        if let Some(hold) = self.lap() {
            self.span.record("hold", debug(hold));
            metrics::held(self.info, hold);
        }
    }

    /// The store has written what the call has done or seen.
    pub(super) fn durable(&mut self) {
        if let Some(durable) = self.lap() {
            self.span.record("durable", debug(durable));
            metrics::stored(self.info, durable);
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
            self.span.record("hold", debug(hold));
            metrics::held(self.info, hold);
        }
        self.span.record("outcome", display(outcome.as_str()));
        metrics::ended(self.info, outcome.as_str());
    }
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

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Replayed => "replayed",
            Self::Committed => "committed",
            Self::RolledBack => "rolled back",
            Self::Unchanged => "unchanged",
            Self::Panicked => "panicked",
            Self::TimedOut => "timed out",
            Self::QueueFull => "queue full",
            Self::HoldTimedOut => "hold timed out",
            Self::NotKept => "not kept",
            Self::Refused => "refused",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Unanswered => "unanswered",
        }
    }
}

/// Counts and times, by route, for whatever recorder the application has installed.
#[cfg(feature = "metrics")]
mod metrics {
    use crate::check::HandlerInfo;
    use std::time::Duration;

    pub(super) fn waited(info: &'static HandlerInfo, wait: Duration) {
        metrics::histogram!("kr_lock_wait_seconds", "handler" => info.handler).record(wait);
    }

    pub(super) fn held(info: &'static HandlerInfo, hold: Duration) {
        metrics::histogram!("kr_lock_hold_seconds", "handler" => info.handler).record(hold);
    }

    pub(super) fn stored(info: &'static HandlerInfo, durable: Duration) {
        metrics::histogram!("kr_commit_wait_seconds", "handler" => info.handler).record(durable);
    }

    pub(super) fn ended(info: &'static HandlerInfo, outcome: &'static str) {
        metrics::counter!("kr_requests_total", "handler" => info.handler, "outcome" => outcome)
            .increment(1);
    }
}

#[cfg(not(feature = "metrics"))]
mod metrics {
    use crate::check::HandlerInfo;
    use std::time::Duration;

    pub(super) fn waited(_: &HandlerInfo, _: Duration) {}
    pub(super) fn held(_: &HandlerInfo, _: Duration) {}
    pub(super) fn stored(_: &HandlerInfo, _: Duration) {}
    pub(super) fn ended(_: &HandlerInfo, _: &str) {}
}
