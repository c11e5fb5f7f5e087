//! An application at a glance.

use super::checkpoints::CheckpointStatus;
use super::service::Service;
use super::ticks::{Tick, Ticks};
use serde::Serialize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// An application at a glance.
#[derive(Clone, Serialize)]
pub(crate) struct Overview {
    pub(crate) app: String,
    /// The version of kr.
    pub(crate) version: &'static str,
    /// Since it was built.
    pub(crate) uptime_seconds: u64,
    /// Why the process should be restarted, if it should.
    pub(crate) not_alive: Option<String>,
    /// Why requests should not be sent here, if they should not.
    pub(crate) not_ready: Option<String>,
    /// Why the last checkpoint was not written, if it was not.
    pub(crate) checkpoints_fail: Option<String>,
    /// Open connections of clients.
    pub(crate) connections: usize,
    /// Clients that were turned away.
    pub(crate) refused: u64,
    /// Requests without a response.
    pub(crate) active_requests: i64,
    pub(crate) locks: usize,
    pub(crate) held: usize,
    pub(crate) waiting: usize,
    /// Since the start.
    pub(crate) total: Tick,
    /// In the last second.
    pub(crate) second: Tick,
}

/// An overview is made once in such a moment: looking at all locks takes a while where there are many.
const MOMENT: Duration = Duration::from_millis(500);

/// The last overview, or another one.
pub(super) fn overview(
    recent: &Mutex<Option<(Instant, Overview)>>,
    service: &Service,
    ticks: &Ticks,
) -> Overview {
    let mut recent = recent.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((made, overview)) = &*recent
        && made.elapsed() < MOMENT
    {
        return overview.clone();
    }
    let overview = make(service, ticks);
    *recent = Some((Instant::now(), overview.clone()));
    overview
}

fn make(service: &Service, ticks: &Ticks) -> Overview {
    let busy = service.locks.busy();
    let waiting = busy.locks.iter().map(|lock| lock.load().1).sum();
    Overview {
        app: service.name.clone(),
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: service.started.elapsed().unwrap_or_default().as_secs(),
        not_alive: service.health.is_alive().err(),
        not_ready: service.health.is_ready().err(),
        checkpoints_fail: service
            .checkpoints
            .as_ref()
            .and_then(CheckpointStatus::failing),
        connections: service.connections.open.load(Relaxed),
        refused: service.connections.refused.load(Relaxed),
        active_requests: service.routes.iter().map(|route| route.active()).sum(),
        locks: busy.count,
        held: busy.locks.len(),
        waiting,
        total: ticks.total(),
        second: ticks.seconds().last().copied().unwrap_or_default(),
    }
}
