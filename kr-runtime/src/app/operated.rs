//! What an application hands to those who operate it.

use super::checkpoint::Checkpoint;
use super::error::{Error, Result};
use super::serve::Acceptor;
use crate::check::HandlerInfo;
use crate::host::AnyHost;
use crate::http::{RouteMetrics, StopToken};
use crate::operations::{
    CheckpointStatus, Health, Operations, OperationsListener, RunningOperations, Service, TaskList,
    probes,
};
use crate::store::{StateLocks, StoreCore};
use crate::sync::panic_message;
use axum::Router;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// What an application says of its operation.
pub(super) struct OperatedApp {
    pub(super) operations: Operations,
    /// Whether the probes are answered on its own endpoints, too.
    pub(super) has_probes: bool,
    /// Where and how often the host is written.
    pub(super) checkpoint: Option<(PathBuf, Duration)>,
    /// Of its routes, as they are bound.
    routes: Vec<&'static RouteMetrics>,
}

/// What a server needs to be operated.
pub(super) struct OperatedServer {
    /// Nobody looks at it without the listener or the probes.
    is_on: bool,
    listener: Option<OperationsListener>,
    address: Option<(SocketAddr, crate::operations::Access)>,
    name: String,
    host: Arc<dyn AnyHost>,
    locks: Arc<StateLocks>,
    store: Option<Arc<StoreCore>>,
    routes: Vec<&'static RouteMetrics>,
    pub(super) tasks: TaskList,
    pub(super) checkpoints: Option<CheckpointStatus>,
    pub(super) health: Arc<Health>,
}

/// A server that is operated. It ends when this is dropped.
pub(super) struct Operated {
    _listener: Option<RunningOperations>,
    beating: Option<JoinHandle<()>>,
}

impl Default for OperatedApp {
    fn default() -> Self {
        Self {
            operations: Operations::off(),
            has_probes: false,
            checkpoint: None,
            routes: Vec::new(),
        }
    }
}

impl OperatedApp {
    /// What counts the requests of a route; nothing if nobody looks at it.
    pub(super) fn metrics_of(&mut self, info: &HandlerInfo) -> Option<&'static RouteMetrics> {
        if !self.operations.is_on() {
            return None;
        }
        let locks = if info.takes_locks { info.locks } else { &[] };
        let metrics = RouteMetrics::new(info.method.as_str(), Some(info.path), locks);
        // It is never freed, as what attributes say is not: a handler needs no count of who uses it.
        let metrics: &'static RouteMetrics = Box::leak(Box::new(metrics));
        self.routes.push(metrics);
        Some(metrics)
    }

    /// What counts the requests that no route answers.
    pub(super) fn unrouted(&mut self) -> Option<&'static [RouteMetrics]> {
        if !self.operations.is_on() {
            return None;
        }
        let metrics: &'static [RouteMetrics] = RouteMetrics::unrouted().leak();
        self.routes.extend(metrics);
        Some(metrics)
    }

    /// The checkpoint, with what is in its file put back. What is wrong goes to `errors`.
    pub(super) fn load_checkpoint(
        &mut self,
        root: Option<&Path>,
        host: Arc<dyn AnyHost>,
        has_store: bool,
        errors: &mut Vec<String>,
    ) -> Option<Arc<Checkpoint>> {
        let (path, every) = self.checkpoint.take()?;
        if has_store {
            errors.push(
                "a checkpoint is for a store in memory; this store keeps every commit by itself"
                    .to_owned(),
            );
            return None;
        }
        if every.is_zero() {
            errors.push("a checkpoint needs some time between two writes".to_owned());
            return None;
        }
        // States that are in use may not be, after another error.
        if !errors.is_empty() {
            return None;
        }
        let path = root.map_or(path.clone(), |root| root.join(&path));
        // Threads that write it have no root of their own.
        let path = std::path::absolute(&path).unwrap_or(path);
        let checkpoint = Checkpoint::new(path, every, host);
        errors.extend(checkpoint.load().err());
        Some(checkpoint)
    }

    /// What the server of the application needs. What is wrong goes to `errors`.
    pub(super) fn resolve(
        &self,
        stop: &StopToken,
        leaving: &CancellationToken,
        errors: &mut Vec<String>,
    ) -> (Option<(SocketAddr, crate::operations::Access)>, Arc<Health>) {
        let limit = self.operations.heartbeat_limit;
        let health = Health::new(limit, stop.clone(), leaving.clone());
        (self.operations.resolve(errors), health)
    }

    pub(super) fn into_server(
        self,
        (address, health): (Option<(SocketAddr, crate::operations::Access)>, Arc<Health>),
        name: &str,
        host: Arc<dyn AnyHost>,
        locks: Arc<StateLocks>,
        store: Option<Arc<StoreCore>>,
    ) -> OperatedServer {
        OperatedServer {
            is_on: self.has_probes || address.is_some(),
            listener: None,
            address,
            name: name.to_owned(),
            host,
            locks,
            store,
            routes: self.routes,
            tasks: TaskList::default(),
            checkpoints: None,
            health,
        }
    }
}

/// The router with the probes, outside of all layers and limits.
pub(super) fn with_probes(
    router: Router,
    health: &Arc<Health>,
    errors: &mut Vec<String>,
) -> Router {
    let before = router.clone();
    // axum panics where two routers answer the same requests.
    let merged = catch_unwind(AssertUnwindSafe(|| router.merge(probes(health))));
    merged.unwrap_or_else(|panic| {
        let reason = panic_message(panic.as_ref());
        errors.push(format!(
            "the probes `/livez` and `/readyz` cannot be added: {reason}"
        ));
        before
    })
}

impl OperatedServer {
    /// Listens, if anything is to be listened on.
    pub(super) fn bind(&mut self) -> Result<()> {
        if let Some((address, access)) = self.address.take() {
            let bound = OperationsListener::bind(address, access);
            self.listener = Some(bound.map_err(|source| Error::Listen { address, source })?);
        }
        Ok(())
    }

    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.listener.as_ref().map(OperationsListener::address)
    }

    /// Answers from now on.
    pub(super) fn start(&mut self, acceptor: &Acceptor) -> Result<Operated> {
        let service = Service {
            name: self.name.clone(),
            started: SystemTime::now(),
            host: Arc::clone(&self.host),
            locks: Arc::clone(&self.locks),
            store: self.store.clone(),
            routes: std::mem::take(&mut self.routes),
            tasks: self.tasks.clone(),
            checkpoints: self.checkpoints.clone(),
            health: Arc::clone(&self.health),
            connections: acceptor.connections(),
        };
        let listener = self.listener.take();
        let listener = listener
            .map(|listener| listener.start(Arc::new(service)))
            .transpose()
            .map_err(Error::Serve)?;
        let beat = || tokio::spawn(Arc::clone(&self.health).watch(self.store.clone()));
        Ok(Operated {
            _listener: listener,
            beating: self.is_on.then(beat),
        })
    }
}

impl Drop for Operated {
    fn drop(&mut self) {
        if let Some(beating) = &self.beating {
            beating.abort();
        }
    }
}
