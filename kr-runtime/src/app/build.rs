//! Checking an application, and making a server or a router of it.

use super::builder::App;
use super::endpoint;
use super::error::{Error, Result};
#[cfg(feature = "operations")]
use super::operated::{OperatedApp, with_probes};
use super::router::{RouterBuilder, ServedBy};
use super::server::Server;
use super::stop::Leave;
#[cfg(feature = "operations")]
use super::tasks::BackgroundTask;
use crate::host::Host;
use crate::http::{
    AppContext, BoundHandler, CachedResponse, CallTarget, DirectRoutes, Dispatcher, EntityTags,
    Feeds, IdempotentCalls, MountedHandler, RouteEntry, RoutedBy, Routes, WorkerWatch,
};
use crate::lock::WaitLimits;
#[cfg(feature = "operations")]
use crate::operations::Health;
use crate::snapshot;
use crate::store::Value;
use axum::Router;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

impl<H: Host> App<H> {
    /// Checks everything that can only be known at start-up.
    ///
    /// # Errors
    /// [`Error::Configuration`] with every error that was found.
    pub fn build(mut self) -> Result<Server> {
        let mut config_errors = self.config_errors();
        let addresses = match self.endpoints.is_empty() && !self.listeners.is_empty() {
            true => Vec::new(),
            false => endpoint::resolve(&self.endpoints, &mut config_errors),
        };
        let listeners = std::mem::take(&mut self.listeners);
        let root = self.snapshot_root();
        let has_connect_info = self.has_connect_info;
        let shutdown = std::mem::take(&mut self.shutdown);
        let (name, drain) = (self.name.clone(), self.drain_timeout);
        let leave = Leave {
            stop: self.stop.clone(),
            leaving: CancellationToken::new(),
            delay: self.stop_delay,
        };
        #[cfg(feature = "operations")]
        let (settings, for_operated) = (
            self.operated
                .resolve(&leave.stop, &leave.leaving, &mut config_errors),
            (
                Arc::clone(&self.host),
                Arc::clone(&self.locks.table),
                self.store.core().cloned(),
            ),
        );
        let (store, limits) = (self.store.clone(), self.limits.clone());
        #[allow(unused_mut)]
        let mut tasks = std::mem::take(&mut self.tasks);
        #[allow(unused_mut)]
        let mut hooks = std::mem::take(&mut self.hooks);
        #[cfg(feature = "operations")]
        let checkpoint = {
            let (host, has_store) = (Arc::clone(&self.host), self.store.core().is_some());
            let root = self.root.clone();
            self.operated
                .load_checkpoint(root.as_deref(), host, has_store, &mut config_errors)
        };
        #[cfg(feature = "operations")]
        if let Some(checkpoint) = &checkpoint {
            let (now_and_then, at_the_end) = (Arc::clone(checkpoint), Arc::clone(checkpoint));
            tasks.push(BackgroundTask::new("checkpoint".to_owned(), move |stop| {
                Arc::clone(&now_and_then).run(stop)
            }));
            // After what the application itself does at the end.
            hooks.add(move || async move { at_the_end.save().await });
        }
        let watch = WorkerWatch::new(self.entries().map(|entry| entry.info));
        let routed_by = match self.has_services() {
            true => RoutedBy::Services,
            false => RoutedBy::Handlers,
        };
        let BuiltApp {
            router,
            direct,
            running,
            off_the_workers,
            #[cfg(feature = "operations")]
            operated,
        } = self.finish(
            ServedBy::Kr,
            config_errors,
            #[cfg(feature = "operations")]
            Some(&settings.1),
        )?;
        #[cfg(feature = "operations")]
        let operated = {
            let (host, locks, store) = for_operated;
            let mut operated = operated.into_server(settings, &name, host, locks, store);
            operated.checkpoints = checkpoint.map(|checkpoint| checkpoint.status.clone());
            operated
        };
        Ok(Server {
            name,
            addresses,
            listeners,
            has_connect_info,
            dispatcher: Dispatcher::new(direct, router, routed_by),
            store,
            running,
            off_the_workers,
            drain,
            watch,
            limits,
            leave,
            root,
            tasks,
            hooks,
            shutdown,
            #[cfg(feature = "operations")]
            operated,
        })
    }

    /// Checks the application, starts it, and serves until Ctrl-C or SIGTERM; then waits for running requests.
    ///
    /// # Errors
    /// [`Error::Configuration`], or what [`Server::run`] returns.
    pub async fn run(self) -> Result<()> {
        self.build()?.run().await
    }

    /// The routes as a plain [`axum::Router`], to merge or nest into an existing axum application. Endpoints play no part.
    /// Layers, routers and a fallback of this application come along.
    ///
    /// # Errors
    /// [`Error::Configuration`] with every error that was found.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// #[kr_route(get, "/ping")]
    /// fn ping() -> &'static str {
    ///     "pong"
    /// }
    ///
    /// # fn main() -> kr_runtime::Result<()> {
    /// let kr = App::new("Ping", Empty {}).mount(routes![ping]).into_router()?;
    /// let app: axum::Router = axum::Router::new().nest("/api", kr);
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_router(#[allow(unused_mut)] mut self) -> Result<Router> {
        let mut config_errors = self.config_errors();
        for task in &self.tasks {
            config_errors.push(format!(
                "the background task `{}` would not start, since another application serves; start it there, or use \
                 `run` or `build`",
                task.name
            ));
        }
        #[cfg(feature = "operations")]
        {
            self.operated = OperatedApp::default();
        }
        let built = self.finish(
            ServedBy::AnotherApp,
            config_errors,
            #[cfg(feature = "operations")]
            None,
        )?;
        Ok(built.router)
    }

    fn has_services(&self) -> bool {
        self.parts.has_services() || self.routes.iter().any(|routes| !routes.layers.is_empty())
    }

    /// Resolves every state and lock, so that nothing is looked up when requests arrive; unless there are errors.
    fn finish(
        mut self,
        served_by: ServedBy,
        mut errors: Vec<String>,
        #[cfg(feature = "operations")] health: Option<&Arc<Health>>,
    ) -> Result<BuiltApp> {
        let (running, off_the_workers) = (TaskTracker::new(), TaskTracker::new());
        #[cfg(feature = "openapi")]
        self.add_openapi(served_by, &mut errors);
        if !errors.is_empty() {
            return Err(Error::Configuration {
                app: self.name,
                errors,
            });
        }
        self.locks.table.set_limits(WaitLimits {
            timeout: self.lock_timeout,
            max_waiters: self.max_waiters,
        });
        let context = Arc::new(AppContext {
            policy: std::mem::take(&mut self.policy),
            stop: self.stop.clone(),
            body_limit: self.limits.body,
            states: std::mem::take(&mut self.states),
            root: self.snapshot_root(),
        });
        let idempotent_calls =
            IdempotentCalls::new(self.idempotency.clone(), self.store.responses());
        let mut builder = RouterBuilder::new(Arc::clone(&context), served_by, &self.parts);
        #[cfg(feature = "operations")]
        builder.measure(self.operated.unrouted());
        for Routes { entries, layers } in std::mem::take(&mut self.routes) {
            let handlers = entries.iter().map(|entry| MountedHandler {
                respond: entry.respond,
                handler: Arc::new(BoundHandler {
                    #[cfg(feature = "operations")]
                    metrics: self.operated.metrics_of(entry.info),
                    ..self.bind(entry, &running, &off_the_workers, &idempotent_calls)
                }),
                context: Arc::clone(&context),
                is_inside_layers: false,
            });
            builder.add(handlers, layers);
        }
        let direct = std::mem::take(&mut builder.direct);
        #[allow(unused_mut)]
        let mut router = builder.finish(std::mem::take(&mut self.parts), &mut errors);
        #[cfg(feature = "operations")]
        if let Some(health) = health.filter(|_| self.operated.has_probes) {
            router = with_probes(router, health, &mut errors);
        }
        if !errors.is_empty() {
            return Err(Error::Configuration {
                app: self.name,
                errors,
            });
        }
        snapshot::register_root(context.root.as_ref());
        Ok(BuiltApp {
            router,
            direct,
            running,
            off_the_workers,
            #[cfg(feature = "operations")]
            operated: self.operated,
        })
    }

    fn bind(
        &self,
        entry: &RouteEntry<H>,
        running: &TaskTracker,
        off_the_workers: &TaskTracker,
        idempotent_calls: &Arc<IdempotentCalls>,
    ) -> BoundHandler {
        let info = entry.info;
        BoundHandler {
            info,
            target: CallTarget::new(info, (entry.borrows)(&self.host), &self.locks.table, || {
                Arc::clone(&self.host) as Value
            }),
            lock_timeout: info.lock_timeout.unwrap_or(self.lock_timeout),
            max_waiters: self.max_waiters,
            hold_timeout: info.hold_timeout.unwrap_or(self.hold_timeout),
            running: running.clone(),
            off_the_workers: off_the_workers.clone(),
            cached_response: CachedResponse::new(),
            tags: EntityTags::new(self.locks.table.epoch()),
            feeds: Feeds::new(self.locks.table.epoch()),
            idempotent_calls: Arc::clone(idempotent_calls),
            // Set where routes are mounted.
            #[cfg(feature = "operations")]
            metrics: None,
        }
    }
}

/// An application that has passed its checks, with every state and lock resolved.
struct BuiltApp {
    router: Router,
    direct: DirectRoutes,
    running: TaskTracker,
    off_the_workers: TaskTracker,
    #[cfg(feature = "operations")]
    operated: OperatedApp,
}
