//! Where the counts and times of a request go: to the recorder that the application has installed, with the feature
//! `metrics`, and to the page of operations.

use super::bound_handler::BoundHandler;
use super::outcome::Outcome;
#[cfg(feature = "operations")]
use super::route_metrics::RouteMetrics;
use crate::check::HandlerInfo;
use std::time::Duration;

/// Where the counts and times of a request go. There may be nowhere.
pub(super) struct Recorder {
    #[cfg(feature = "metrics")]
    handler: &'static str,
    #[cfg(feature = "operations")]
    route: Option<&'static RouteMetrics>,
}

impl Recorder {
    pub(super) fn of(handler: &BoundHandler) -> Self {
        #[allow(unused_mut)]
        let mut recorder = Self::of_info(handler.info);
        #[cfg(feature = "operations")]
        {
            recorder.route = handler.metrics;
        }
        recorder
    }

    /// For a request that is refused before anything is known but its route.
    pub(super) fn of_info(info: &'static HandlerInfo) -> Self {
        #[cfg(not(feature = "metrics"))]
        let _ = info;
        Self {
            #[cfg(feature = "metrics")]
            handler: info.handler,
            #[cfg(feature = "operations")]
            route: None,
        }
    }

    /// Whether clocks have to be read.
    pub(super) fn is_on(&self) -> bool {
        #[cfg(feature = "operations")]
        if self.route.is_some() {
            return true;
        }
        cfg!(feature = "metrics")
    }

    /// It has waited so long for its locks.
    pub(super) fn waited(&self, wait: Duration) {
        #[cfg(feature = "metrics")]
        metrics::histogram!("kr_lock_wait_seconds", "handler" => self.handler).record(wait);
        #[cfg(feature = "operations")]
        if let Some(route) = self.route {
            route.waited(wait);
        }
        let _ = wait;
    }

    /// It has held its locks for so long.
    pub(super) fn held(&self, hold: Duration) {
        #[cfg(feature = "metrics")]
        metrics::histogram!("kr_lock_hold_seconds", "handler" => self.handler).record(hold);
        #[cfg(feature = "operations")]
        if let Some(route) = self.route {
            route.held(hold);
        }
        let _ = hold;
    }

    /// Its response has waited so long for the store.
    pub(super) fn stored(&self, durable: Duration) {
        #[cfg(feature = "metrics")]
        metrics::histogram!("kr_commit_wait_seconds", "handler" => self.handler).record(durable);
        #[cfg(feature = "operations")]
        if let Some(route) = self.route {
            route.stored(durable);
        }
        let _ = durable;
    }

    pub(super) fn ended(&self, outcome: Outcome) {
        #[cfg(feature = "metrics")]
        metrics::counter!("kr_requests_total", "handler" => self.handler, "outcome" => outcome.as_str())
            .increment(1);
        #[cfg(feature = "operations")]
        if let Some(route) = self.route {
            route.ended(outcome);
        }
        let _ = outcome;
    }
}
