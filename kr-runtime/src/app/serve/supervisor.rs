//! Closing the connections of clients that take too long.
//!
//! One task looks at all connections several times in the shortest limit. A timer for each request would cost every request
//! more than a tenth of what a small one takes.

use super::activity::Activity;
use crate::app::limits::Limits;
use crate::http::BodyFailure;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// All connections that are open.
#[derive(Default)]
pub(super) struct Connections {
    /// Those that the supervisor has not seen yet, and whether the server stops.
    new: Mutex<New>,
}

#[derive(Default)]
struct New {
    connections: Vec<Arc<Activity>>,
    is_stopping: bool,
}

impl Connections {
    pub(super) fn add(&self, activity: &Arc<Activity>) {
        let mut new = self.lock_new();
        if new.is_stopping {
            activity.stop();
        }
        new.connections.push(Arc::clone(activity));
    }

    fn lock_new(&self) -> MutexGuard<'_, New> {
        self.new.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks at the connections until the server has ended; once `stop` is ready, it tells them.
pub(super) async fn supervise(
    connections: Arc<Connections>,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let tick = tick(&limits);
    let mut ticks = interval(tick);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stop = std::pin::pin!(stop);
    let mut is_stopping = false;
    let mut supervised = Vec::new();
    let mut last = Instant::now();
    loop {
        let stops_now = tokio::select! {
            _ = ticks.tick() => false,
            () = &mut stop, if !is_stopping => true,
        };
        let mut new = connections.lock_new();
        new.is_stopping |= stops_now;
        let added = new.connections.drain(..).map(Supervised::new);
        supervised.extend(added);
        drop(new);
        if stops_now {
            is_stopping = true;
            supervised
                .iter()
                .for_each(|it: &Supervised| it.activity.stop());
            continue;
        }
        let now = Instant::now();
        // While nothing of the runtime ran, clients could not do anything either.
        let elapsed = (now - last).min(2 * tick);
        last = now;
        supervised.retain_mut(|connection| connection.look(&limits, elapsed));
    }
}

/// How long between two looks.
fn tick(limits: &Limits) -> Duration {
    let shortest = limits
        .header_timeout
        .min(limits.idle_timeout)
        .min(limits.body_grace)
        .min(limits.write_timeout);
    (shortest / 5).clamp(Duration::from_millis(10), Duration::from_secs(1))
}

/// What the supervisor knows of a connection from its last look.
struct Supervised {
    activity: Arc<Activity>,
    requests: u64,
    read: u64,
    written: u64,
    /// How long nothing could be written.
    write_blocked: Duration,
    /// How long there has been no request.
    idle: Duration,
    /// A header has begun.
    has_header: bool,
    /// For how long the client may still be without sending more of the body.
    body_credit: Duration,
    /// The body came too slowly.
    has_failed_body: bool,
}

impl Supervised {
    fn new(activity: Arc<Activity>) -> Self {
        Self {
            activity,
            requests: 0,
            read: 0,
            written: 0,
            write_blocked: Duration::ZERO,
            idle: Duration::ZERO,
            has_header: false,
            body_credit: Duration::ZERO,
            has_failed_body: false,
        }
    }

    /// Whether the connection is still there to be looked at.
    fn look(&mut self, limits: &Limits, elapsed: Duration) -> bool {
        let activity = Arc::clone(&self.activity);
        if activity.is_closed.load(Relaxed) || activity.is_upgraded.load(Relaxed) {
            return false;
        }
        let requests = activity.requests.load(Relaxed);
        if requests != self.requests {
            self.requests = requests;
            self.idle = Duration::ZERO;
            self.has_header = false;
            self.body_credit = limits.body_grace;
            self.has_failed_body = false;
        }
        let is_expired = if activity.is_write_blocked.load(Relaxed) {
            self.is_write_late(limits, elapsed)
        } else if activity.has_open_request() {
            self.write_blocked = Duration::ZERO;
            self.is_body_late(limits, elapsed)
        } else {
            self.write_blocked = Duration::ZERO;
            self.is_request_late(limits, elapsed)
        };
        self.read = activity.read.load(Relaxed);
        if is_expired {
            activity.expire();
        }
        !is_expired
    }

    fn is_write_late(&mut self, limits: &Limits, elapsed: Duration) -> bool {
        let written = self.activity.written.load(Relaxed);
        if written != self.written {
            self.written = written;
            self.write_blocked = Duration::ZERO;
            return false;
        }
        self.write_blocked += elapsed;
        self.write_blocked > limits.write_timeout
    }

    /// Each byte buys the time in which it should have come. What was bought by a fast start is limited, so that a client
    /// cannot send most of a large body at once and the rest never.
    fn is_body_late(&mut self, limits: &Limits, elapsed: Duration) -> bool {
        if !self.activity.is_waiting_for_body.load(Relaxed) {
            return false;
        }
        let bytes = self.activity.read.load(Relaxed) - self.read;
        let seconds = bytes as f64 / f64::from(limits.body_rate.max(1));
        let most = limits.body_grace.saturating_mul(6);
        let bought = Duration::try_from_secs_f64(seconds).map_or(most, |bought| bought.min(most));
        self.body_credit = self.body_credit.saturating_add(bought).min(most);
        if let Some(rest) = self.body_credit.checked_sub(elapsed) {
            self.body_credit = rest;
            return false;
        }
        // The request is answered, if the client reads it; the connection is closed in any case.
        self.activity.fail_body(BodyFailure::TooSlow);
        std::mem::replace(&mut self.has_failed_body, true)
    }

    fn is_request_late(&mut self, limits: &Limits, elapsed: Duration) -> bool {
        let read = self.activity.read.load(Relaxed);
        let has_header = self.requests == 0 || read != self.activity.read_at_end.load(Relaxed);
        if has_header && !self.has_header && self.requests > 0 {
            self.idle = Duration::ZERO;
        }
        self.has_header = has_header;
        self.idle += elapsed;
        let limit = match has_header {
            true => limits.header_timeout,
            false => limits.idle_timeout,
        };
        self.idle > limit
    }
}
