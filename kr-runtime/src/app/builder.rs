//! An application: a host, its routes, its store, and where it listens.

use super::endpoint::{self, Endpoint};
use super::error::{Error, Result};
use super::limits::Limits;
use super::server::Server;
use super::stop::StopHooks;
use crate::host::Host;
use crate::http::{
    AppContext, BoundHandler, CachedResponse, CallTarget, DirectRoutes, Dispatcher, Feeds,
    MountedHandler, Problem, RequestPolicy, RouteEntry, Routes, StopToken, WorkerWatch,
    method_filter, shorten,
};
use crate::lock::{DEFAULT_LOCK_TIMEOUT, WaitLimits};
use crate::snapshot;
use crate::state::{attach, register};
use crate::store::{Locks, Store};
use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::routing::on;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// An application: the host of its shared states, the handlers mounted on it, and where it listens.
///
/// ```no_run
/// use kr_runtime::prelude::*;
///
/// #[derive(Clone, SharedState)]
/// #[shared_state(lock = "visits")]
/// struct Visits(u64);
///
/// #[derive(Host)]
/// struct Site {
///     visits: Shared<Visits>,
/// }
///
/// #[kr_route(post, "/visit")]
/// #[locked("visits")]
/// fn visit(visits: &mut Visits) -> Json<u64> {
///     visits.0 += 1;
///     Json(visits.0)
/// }
///
/// #[tokio::main]
/// async fn main() -> kr_runtime::Result<()> {
///     let site = Site { visits: Shared::new(Visits(0)) };
///     App::new("Visits", site).mount(routes![visit]).run().await
/// }
/// ```
///
/// # Limits
///
/// All of these are on by default. They hold when kr runs the server; as a part of another application
/// ([`into_router`](Self::into_router)), only `lock_timeout`, `max_waiters`, `hold_timeout`, `body_limit`, `allowed_hosts`
/// and `same_site` do.
///
/// | limit | default | beyond it |
/// |---|---|---|
/// | [`body_limit`](Self::body_limit): the body of one request | 30,000,000 bytes | 413, before the body is read if `Content-Length` tells |
/// | [`total_body_limit`](Self::total_body_limit): the bodies of all requests without a response | 64,000,000 bytes | 503 |
/// | [`header_limit`](Self::header_limit): the header of one request | 65,536 bytes | 431, closed |
/// | [`header_timeout`](Self::header_timeout): to send a header | 30 s | closed |
/// | [`idle_timeout`](Self::idle_timeout): between two requests | 75 s | closed |
/// | [`min_body_rate`](Self::min_body_rate): of a body that a handler waits for | 240 bytes/s after 5 s | 408, closed |
/// | [`write_timeout`](Self::write_timeout): to read anything of a response | 30 s | closed |
/// | [`max_connections`](Self::max_connections) | 10,000, or what the file limit allows | 503, closed; the log says so once a second |
/// | [`lock_timeout`](Self::lock_timeout): to wait for locks | 30 s | 503 |
/// | [`hold_timeout`](Self::hold_timeout): of an async handler | 30 s | 503, changes dropped |
/// | [`max_waiters`](Self::max_waiters): requests that wait for one lock | none | 503 |
/// | [`drain_timeout`](Self::drain_timeout): of a graceful stop | 30 s | [`Error::Unfinished`] |
/// | [`allowed_hosts`](Self::allowed_hosts) | all | 421 |
/// | [`same_site`](Self::same_site) | off | 403 |
///
/// A request of HTTP/1.1 with no header `Host`, or with several, gets a 400.
#[derive(Debug)]
pub struct App<H> {
    name: String,
    host: H,
    locks: Locks,
    store: Store,
    routes: Vec<Routes<H>>,
    endpoints: Vec<Endpoint>,
    root: Option<PathBuf>,
    lock_timeout: Duration,
    max_waiters: usize,
    hold_timeout: Duration,
    drain_timeout: Duration,
    pub(super) limits: Limits,
    pub(super) policy: RequestPolicy,
    stop: StopToken,
    hooks: StopHooks,
}

impl<H: Host> App<H> {
    /// An application of that name, which is printed at the start, with the states of `host`.
    pub fn new(name: impl Into<String>, host: H) -> Self {
        Self {
            name: name.into(),
            // States that cannot be registered are reported when the application is built.
            locks: register(&host.fields()).map_or_else(|_| Locks::new(), Locks::of),
            host,
            store: Store::memory(),
            routes: Vec::new(),
            endpoints: Vec::new(),
            root: None,
            lock_timeout: DEFAULT_LOCK_TIMEOUT,
            max_waiters: usize::MAX,
            hold_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(30),
            limits: Limits::default(),
            policy: RequestPolicy::default(),
            stop: StopToken::default(),
            hooks: StopHooks::default(),
        }
    }

    /// Adds handlers.
    #[must_use]
    pub fn mount(mut self, routes: Routes<H>) -> Self {
        self.routes.push(routes);
        self
    }

    /// Says where committed values live. In memory, unless set.
    #[must_use]
    pub fn store(mut self, store: Store) -> Self {
        self.store = store;
        self
    }

    /// The folder in which relative paths of snapshot files are resolved, for the whole process. It must exist.
    ///
    /// Without it, that is the working directory.
    #[must_use]
    pub fn root(mut self, path: impl Into<PathBuf>) -> Self {
        self.root = Some(path.into());
        self
    }

    /// Adds an address to listen on. Without one it is `127.0.0.1`, port `PORT` or 5000.
    #[must_use]
    pub fn endpoint(mut self, endpoint: impl Into<Endpoint>) -> Self {
        self.endpoints.push(endpoint.into());
        self
    }

    /// How long a request waits for all of its locks before it gets a 503; 30 seconds unless set here or in
    /// `#[locked("…", timeout = "250ms")]`. It holds for code outside handlers, too: [`Host::update`] and [`Locks::lock`]
    /// then return [`LockError::TimedOut`](crate::LockError::TimedOut).
    ///
    /// Applications over clones of one host share its locks; for their code, the limits of the one that was built last hold.
    #[must_use]
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout;
        self
    }

    /// How many requests may wait for one lock; another one gets a 503 at once, or
    /// [`LockError::QueueFull`](crate::LockError::QueueFull) in code outside handlers. No bound unless set.
    #[must_use]
    pub fn max_waiters(mut self, waiters: usize) -> Self {
        self.max_waiters = waiters;
        self
    }

    /// How long an async handler may hold its locks before its changes are dropped and the client gets a 503;
    /// 30 seconds unless set here or in `#[locked("…", hold_timeout = "5s")]`.
    #[must_use]
    pub fn hold_timeout(mut self, timeout: Duration) -> Self {
        self.hold_timeout = timeout;
        self
    }

    /// How long a graceful stop waits for the responses to requests that were read; 30 seconds unless set. It holds for plain
    /// handlers, too: what still runs at the end is cut off when `main` returns.
    #[must_use]
    pub fn drain_timeout(mut self, timeout: Duration) -> Self {
        self.drain_timeout = timeout;
        self
    }

    /// Registers a function that runs when the server has ended, before [`run`](Self::run) returns: whether every request was
    /// answered, or the drain timeout ended the wait, or a second signal did, after which there is half a second left. The
    /// functions run one after the other, as registered.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let app = App::new("Empty", Empty {}).on_stop(|| async {
    ///     println!("saved");
    /// });
    /// ```
    #[must_use]
    pub fn on_stop<F>(mut self, function: impl FnOnce() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.hooks.add(function);
        self
    }

    /// The token that says when the application stops, for tasks that it starts. Handlers take it as an argument.
    #[must_use]
    pub fn stop_token(&self) -> StopToken {
        self.stop.clone()
    }

    /// The locks of the host by name, for code outside handlers. Applications over clones of one host share them. A host
    /// without states has nothing to keep them in, so each application over it has locks of its own.
    #[must_use]
    pub fn locks(&self) -> Locks {
        self.locks.clone()
    }

    /// Checks everything that can only be known at start-up.
    ///
    /// # Errors
    /// [`Error::Configuration`] with every error that was found.
    pub fn build(mut self) -> Result<Server> {
        let mut config_errors = self.config_errors();
        let addresses = endpoint::resolve(&self.endpoints, &mut config_errors);
        let (name, drain) = (self.name.clone(), self.drain_timeout);
        let (store, limits, stop) = (self.store.clone(), self.limits.clone(), self.stop.clone());
        let hooks = std::mem::take(&mut self.hooks);
        let watch = WorkerWatch::new(self.entries().map(|entry| entry.info));
        let BuiltApp {
            router,
            direct,
            running,
        } = self.finish(config_errors)?;
        Ok(Server {
            name,
            addresses,
            // Only here: a router that becomes part of another application leaves 404 to that one.
            dispatcher: Dispatcher::new(direct, router.fallback(not_found)),
            store,
            running,
            drain,
            watch,
            limits,
            stop,
            hooks,
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
    pub fn into_router(self) -> Result<Router> {
        let config_errors = self.config_errors();
        Ok(self.finish(config_errors)?.router)
    }

    fn entries(&self) -> impl Iterator<Item = &RouteEntry<H>> {
        self.routes.iter().flat_map(|routes| &routes.entries)
    }

    /// What is wrong with the application, apart from where it listens: a sentence for each error.
    fn config_errors(&self) -> Vec<String> {
        let mut errors = Vec::new();
        errors.extend(self.root.as_deref().and_then(snapshot::root_error));
        let fields = self.host.fields();
        if let Err(error) = register(&fields) {
            errors.push(error.to_string());
        } else if let Some(journal) = self.store.journal() {
            for state in attach(&fields, journal) {
                errors.push(format!(
                    "state `{state}` is in another store already; give both applications the same one"
                ));
            }
        }
        self.route_errors(&mut errors);
        errors
    }

    /// What `routes!` cannot see in lists that were mounted separately, and what axum would panic on.
    fn route_errors(&self, errors: &mut Vec<String>) {
        let mut known = HashMap::new();
        let mut paths = HashSet::new();
        let mut router = matchit::Router::new();
        for RouteEntry { info, .. } in self.entries() {
            if let Some(other) = known.insert((info.method, info.path), info) {
                errors.push(format!(
                    "{info} and {other} answer the same requests; mount one of them"
                ));
            } else if paths.insert(info.path)
                && let Err(error) = router.insert(info.path, ())
            {
                errors.push(format!("{info} conflicts with the other routes: {error}"));
            }
        }
    }

    /// Resolves every state and lock, so that nothing is looked up when requests arrive; unless there are errors.
    fn finish(mut self, config_errors: Vec<String>) -> Result<BuiltApp> {
        if !config_errors.is_empty() {
            return Err(Error::Configuration {
                app: self.name,
                errors: config_errors,
            });
        }
        if let Some(root) = &self.root {
            snapshot::set_root(root);
        }
        self.locks.table.set_limits(WaitLimits {
            timeout: self.lock_timeout,
            max_waiters: self.max_waiters,
        });
        let context = Arc::new(AppContext {
            policy: std::mem::take(&mut self.policy),
            stop: self.stop.clone(),
            body_limit: self.limits.body,
        });
        let running = TaskTracker::new();
        let mut router = Router::new();
        let mut direct = DirectRoutes::default();
        for entry in self.entries() {
            let info = entry.info;
            let mounted = MountedHandler {
                respond: entry.respond,
                handler: Arc::new(self.bind(entry, &running)),
                context: Arc::clone(&context),
            };
            direct.add(&mounted);
            router = router.route(info.path, on(method_filter(info.method), mounted));
        }
        Ok(BuiltApp {
            router: router.method_not_allowed_fallback(method_not_allowed),
            direct,
            running,
        })
    }

    fn bind(&self, entry: &RouteEntry<H>, running: &TaskTracker) -> BoundHandler {
        let info = entry.info;
        BoundHandler {
            info,
            target: CallTarget::new(info, (entry.borrows)(&self.host), &self.locks.table),
            lock_timeout: info.lock_timeout.unwrap_or(self.lock_timeout),
            max_waiters: self.max_waiters,
            hold_timeout: info.hold_timeout.unwrap_or(self.hold_timeout),
            running: running.clone(),
            cached_response: CachedResponse::new(),
            feeds: Feeds::default(),
        }
    }
}

/// An application that has passed its checks, with every state and lock resolved.
struct BuiltApp {
    router: Router,
    direct: DirectRoutes,
    running: TaskTracker,
}

async fn not_found(uri: Uri) -> Problem {
    Problem::not_found(format!("there is nothing at {}", shorten(uri.path())))
}

/// axum adds `Allow` to this answer.
async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    let (path, method) = (shorten(uri.path()), shorten(method.as_str()));
    let detail = format!("{path} does not support {method}; see `Allow`");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}
