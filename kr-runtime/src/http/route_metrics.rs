//! What is counted of the requests of one route, for the page of operations.
//!
//! Times are in nanoseconds, in buckets that are made once: nothing here grows with the number of requests.

use super::outcome::Outcome;
use crate::check::Method;
use crate::sync::{Histogram, HistogramSnapshot};
use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

const US: u64 = 1_000;
const MS: u64 = 1_000 * US;

/// Those that OpenTelemetry's conventions give for `http.server.request.duration`.
const REQUEST_LIMITS: &[u64] = &[
    5 * MS,
    10 * MS,
    25 * MS,
    50 * MS,
    75 * MS,
    100 * MS,
    250 * MS,
    500 * MS,
    750 * MS,
    1_000 * MS,
    2_500 * MS,
    5_000 * MS,
    7_500 * MS,
    10_000 * MS,
];

/// A lock that is free takes less than the first.
const LOCK_LIMITS: &[u64] = &[
    10 * US,
    25 * US,
    50 * US,
    100 * US,
    250 * US,
    500 * US,
    MS,
    2_500 * US,
    5 * MS,
    10 * MS,
    50 * MS,
    100 * MS,
    500 * MS,
    1_000 * MS,
    5_000 * MS,
    30_000 * MS,
];

/// What is counted of the requests of one route.
pub(crate) struct RouteMetrics {
    /// As in a request; `_OTHER` for those that HTTP does not know.
    pub(crate) method: &'static str,
    /// The path as the application has written it; `None` for requests that no route of kr answers.
    pub(crate) route: Option<&'static str>,
    /// The keys of the route's locks as written, templates included, with `,` between them. Empty if it takes none.
    pub(crate) locks: String,
    active: AtomicI64,
    /// Clients that follow a response, once there was one.
    streams: OnceLock<AtomicI64>,
    /// How long each request took up to the head of its response, by status.
    responses: StatusList,
    /// How many clients left before there was a response.
    cancelled: AtomicU64,
    wait: Histogram,
    hold: Histogram,
    store: Histogram,
    outcomes: [AtomicU64; Outcome::COUNT],
}

/// A histogram for each status that there was; there cannot be more than HTTP has.
#[derive(Default)]
struct StatusList(OnceLock<Box<StatusEntry>>);

struct StatusEntry {
    status: u16,
    durations: Histogram,
    next: StatusList,
}

/// A request until the head of its response.
pub(crate) struct MeasuredRequest {
    metrics: &'static RouteMetrics,
    start: Instant,
    was_polled: bool,
    has_ended: bool,
}

impl RouteMetrics {
    pub(crate) fn new(
        method: &'static str,
        route: Option<&'static str>,
        locks: &[&'static str],
    ) -> Self {
        Self {
            method,
            route,
            locks: locks.join(","),
            active: AtomicI64::new(0),
            streams: OnceLock::new(),
            responses: StatusList::default(),
            cancelled: AtomicU64::new(0),
            wait: Histogram::new(LOCK_LIMITS),
            hold: Histogram::new(LOCK_LIMITS),
            store: Histogram::new(LOCK_LIMITS),
            outcomes: [const { AtomicU64::new(0) }; Outcome::COUNT],
        }
    }

    /// Of requests that no route answers, by their method.
    pub(crate) fn unrouted() -> Vec<Self> {
        let methods = Method::ALL.map(Method::as_str);
        let methods = methods.into_iter().chain(["_OTHER"]);
        methods.map(|method| Self::new(method, None, &[])).collect()
    }

    /// That of a request which no route answers.
    pub(crate) fn of_method(unrouted: &'static [Self], method: &str) -> &'static Self {
        let known = unrouted.iter().find(|metrics| metrics.method == method);
        // The last one is for all others.
        known.unwrap_or(&unrouted[unrouted.len() - 1])
    }

    pub(super) fn waited(&self, wait: Duration) {
        self.wait.record(nanoseconds(wait));
    }

    pub(super) fn held(&self, hold: Duration) {
        self.hold.record(nanoseconds(hold));
    }

    pub(super) fn stored(&self, store: Duration) {
        self.store.record(nanoseconds(store));
    }

    pub(super) fn ended(&self, outcome: Outcome) {
        self.outcomes[outcome as usize].fetch_add(1, Relaxed);
    }

    /// Requests without a response.
    pub(crate) fn active(&self) -> i64 {
        self.active.load(Relaxed)
    }

    /// How many clients follow a response; `None` if none ever did.
    pub(crate) fn streams(&self) -> Option<i64> {
        Some(self.streams.get()?.load(Relaxed))
    }

    /// How many clients left before there was a response.
    pub(crate) fn cancelled(&self) -> u64 {
        self.cancelled.load(Relaxed)
    }

    /// The durations of requests, by status.
    pub(crate) fn responses(&self) -> Vec<(u16, HistogramSnapshot)> {
        let mut responses = Vec::new();
        let mut list = &self.responses;
        while let Some(entry) = list.0.get() {
            responses.push((entry.status, entry.durations.snapshot()));
            list = &entry.next;
        }
        responses.sort_by_key(|(status, _)| *status);
        responses
    }

    /// How long requests waited for their locks.
    pub(crate) fn wait(&self) -> HistogramSnapshot {
        self.wait.snapshot()
    }

    /// How long requests held their locks.
    pub(crate) fn hold(&self) -> HistogramSnapshot {
        self.hold.snapshot()
    }

    /// How long responses waited for the store.
    pub(crate) fn store(&self) -> HistogramSnapshot {
        self.store.snapshot()
    }

    /// How many requests ended in each way that happened.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = (Outcome, u64)> {
        let outcomes = Outcome::ALL.iter().zip(&self.outcomes);
        let outcomes = outcomes.map(|(outcome, count)| (*outcome, count.load(Relaxed)));
        outcomes.filter(|(_, count)| *count > 0)
    }
}

impl StatusList {
    fn durations(&self, status: u16) -> &Histogram {
        let mut list = self;
        loop {
            let entry = list.0.get_or_init(|| {
                Box::new(StatusEntry {
                    status,
                    durations: Histogram::new(REQUEST_LIMITS),
                    next: Self::default(),
                })
            });
            if entry.status == status {
                return &entry.durations;
            }
            list = &entry.next;
        }
    }
}

thread_local! {
    /// When the request began that this thread begins just now: reading the clock once more costs as much as all counts.
    static STARTED: Cell<Option<Instant>> = const { Cell::new(None) };

    /// Whether the request that this thread polls just now is polled for the first time, and so has waited for nothing.
    static IS_FIRST_POLL: Cell<bool> = const { Cell::new(false) };
}

/// Whether the request that this thread polls just now has waited for nothing. `false` if nobody counts it.
pub(super) fn has_not_waited() -> bool {
    IS_FIRST_POLL.get()
}

/// When the request began that this thread begins just now.
pub(super) fn started() -> Instant {
    STARTED.take().unwrap_or_else(Instant::now)
}

impl MeasuredRequest {
    pub(crate) fn begin(metrics: &'static RouteMetrics) -> Self {
        metrics.active.fetch_add(1, Relaxed);
        Self {
            metrics,
            start: Instant::now(),
            was_polled: false,
            has_ended: false,
        }
    }

    /// Begins with the request itself, whose first moment is this one.
    pub(super) fn start<T>(&self, start: impl FnOnce() -> T) -> T {
        STARTED.set(Some(self.start));
        let started = start();
        STARTED.set(None);
        started
    }

    /// Polls the future of the response.
    pub(super) fn poll<T>(&mut self, poll: impl FnOnce() -> T) -> T {
        IS_FIRST_POLL.set(!std::mem::replace(&mut self.was_polled, true));
        let polled = poll();
        IS_FIRST_POLL.set(false);
        polled
    }

    /// There is a response. How long its body takes does not count: an event stream has no end.
    pub(crate) fn end(&mut self, status: u16) {
        if std::mem::replace(&mut self.has_ended, true) {
            return;
        }
        let durations = self.metrics.responses.durations(status);
        durations.record(nanoseconds(self.start.elapsed()));
    }
}

impl Drop for MeasuredRequest {
    fn drop(&mut self) {
        self.metrics.active.fetch_sub(1, Relaxed);
        if !self.has_ended {
            self.metrics.cancelled.fetch_add(1, Relaxed);
        }
    }
}

/// A client that follows a response. How long it does is no time of a request.
pub(super) struct OpenStream(Option<&'static RouteMetrics>);

impl OpenStream {
    pub(super) fn begin(metrics: Option<&'static RouteMetrics>) -> Self {
        let stream = Self(metrics);
        stream.add(1);
        stream
    }

    fn add(&self, change: i64) {
        if let Some(metrics) = self.0 {
            let streams = metrics.streams.get_or_init(AtomicI64::default);
            streams.fetch_add(change, Relaxed);
        }
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.add(-1);
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    let seconds = duration.as_secs().saturating_mul(1_000_000_000);
    seconds.saturating_add(u64::from(duration.subsec_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_has_one_histogram_whatever_came_before() {
        let metrics = RouteMetrics::new("GET", Some("/"), &[]);
        for status in [200, 503, 200, 404, 503] {
            metrics.responses.durations(status).record(7);
        }
        let responses = metrics.responses();
        let counts: Vec<_> = responses
            .iter()
            .map(|(status, durations)| (*status, durations.count()))
            .collect();
        assert_eq!(counts, [(200, 2), (404, 1), (503, 2)]);
    }

    #[test]
    fn a_request_without_a_response_is_counted_as_cancelled() {
        let metrics: &'static RouteMetrics =
            Box::leak(Box::new(RouteMetrics::new("GET", Some("/"), &[])));
        let mut answered = MeasuredRequest::begin(metrics);
        let left = MeasuredRequest::begin(metrics);
        assert_eq!(metrics.active(), 2);
        answered.end(200);
        drop((answered, left));
        assert_eq!((metrics.active(), metrics.cancelled()), (0, 1));
        assert_eq!(metrics.responses()[0].1.count(), 1);
    }
}
