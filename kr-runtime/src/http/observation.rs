//! What can be seen of a request from outside: a span, and metrics if they are asked for.

use crate::check::handler_info::Meta;
use crate::lock::LockError;
use axum::response::Response;
use std::thread;
use std::time::Instant;
use tracing::Span;
use tracing::field::{Empty, debug, display};

/// What became of a request.
#[derive(Clone, Copy)]
pub(crate) enum Outcome {
    Read,
    Committed,
    RolledBack,
    Panicked,
    TimedOut,
    TurnedAway,
    HeldTooLong,
    Refused,
    Rejected,
    Cancelled,
}

/// A request that somebody may be looking at. If nobody does, it costs no more than to find that out.
pub(crate) struct Observation {
    meta: &'static Meta,
    span: Span,
    /// When the last thing happened that is measured, if anything is.
    since: Option<Instant>,
    is_held: bool,
    has_ended: bool,
}

impl Observation {
    pub(crate) fn begin(meta: &'static Meta) -> Self {
        let span = tracing::debug_span!(
            "request",
            handler = meta.handler,
            method = meta.method.as_str(),
            path = meta.path,
            wait = Empty,
            hold = Empty,
            revision = Empty,
            outcome = Empty,
        );
        let is_watched = cfg!(feature = "metrics") || !span.is_disabled();
        Self {
            meta,
            since: is_watched.then(Instant::now),
            span,
            is_held: false,
            has_ended: false,
        }
    }

    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// The arguments are there, and so are the locks.
    pub(crate) fn granted(&mut self) {
        self.is_held = true;
        if let Some(since) = &mut self.since {
            let now = Instant::now();
            let wait = now - *since;
            *since = now;
            self.span.record("wait", debug(wait));
            metrics::waited(self.meta, wait);
        }
    }

    /// The drafts were published.
    pub(crate) fn committed(&mut self, revision: Option<u64>) {
        if let Some(revision) = revision {
            self.span.record("revision", revision);
        }
        self.end(Outcome::Committed);
    }

    /// The locks were not granted.
    pub(crate) fn refused(&mut self, error: &LockError, response: Response) -> Response {
        self.end(match error {
            LockError::TimedOut { .. } => Outcome::TimedOut,
            LockError::Crowded { .. } => Outcome::TurnedAway,
            _ => Outcome::Refused,
        });
        response
    }

    /// The request was not what the handler takes.
    pub(crate) fn rejected(&mut self, response: Response) -> Response {
        self.end(Outcome::Rejected);
        response
    }

    pub(crate) fn end(&mut self, outcome: Outcome) {
        self.has_ended = true;
        let Some(since) = self.since else { return };
        if self.is_held {
            let hold = since.elapsed();
            self.span.record("hold", debug(hold));
            metrics::held(self.meta, hold);
        }
        self.span.record("outcome", display(outcome.as_str()));
        metrics::ended(self.meta, outcome.as_str());
    }
}

impl Drop for Observation {
    fn drop(&mut self) {
        if !self.has_ended {
            self.end(match thread::panicking() {
                true => Outcome::Panicked,
                false => Outcome::Cancelled,
            });
        }
    }
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Committed => "committed",
            Self::RolledBack => "rolled back",
            Self::Panicked => "panicked",
            Self::TimedOut => "timed out",
            Self::TurnedAway => "turned away",
            Self::HeldTooLong => "held too long",
            Self::Refused => "refused",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Counts and times, by route, for whatever recorder the application has installed.
#[cfg(feature = "metrics")]
mod metrics {
    use crate::check::handler_info::Meta;
    use std::time::Duration;

    pub(super) fn waited(meta: &'static Meta, wait: Duration) {
        metrics::histogram!("kr_lock_wait_seconds", "handler" => meta.handler).record(wait);
    }

    pub(super) fn held(meta: &'static Meta, hold: Duration) {
        metrics::histogram!("kr_lock_hold_seconds", "handler" => meta.handler).record(hold);
    }

    pub(super) fn ended(meta: &'static Meta, outcome: &'static str) {
        metrics::counter!("kr_requests_total", "handler" => meta.handler, "outcome" => outcome)
            .increment(1);
    }
}

#[cfg(not(feature = "metrics"))]
mod metrics {
    use crate::check::handler_info::Meta;
    use std::time::Duration;

    pub(super) fn waited(_: &Meta, _: Duration) {}
    pub(super) fn held(_: &Meta, _: Duration) {}
    pub(super) fn ended(_: &Meta, _: &str) {}
}
