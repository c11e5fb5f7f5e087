//! What there is to see of an application.

use super::checkpoints::CheckpointStatus;
use super::health::Health;
use super::tasks::TaskList;
use crate::host::AnyHost;
use crate::http::RouteMetrics;
use crate::store::{StateLocks, StoreCore};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::time::SystemTime;

/// What there is to see of an application. `app` makes it.
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) started: SystemTime,
    pub(crate) host: Arc<dyn AnyHost>,
    pub(crate) locks: Arc<StateLocks>,
    /// None: the store is memory.
    pub(crate) store: Option<Arc<StoreCore>>,
    pub(crate) routes: Vec<&'static RouteMetrics>,
    pub(crate) tasks: TaskList,
    /// If there are any.
    pub(crate) checkpoints: Option<CheckpointStatus>,
    pub(crate) health: Arc<Health>,
    pub(crate) connections: Connections,
}

/// The connections of an application's clients.
#[derive(Clone, Default)]
pub(crate) struct Connections {
    pub(crate) open: Arc<AtomicUsize>,
    pub(crate) refused: Arc<AtomicU64>,
}
