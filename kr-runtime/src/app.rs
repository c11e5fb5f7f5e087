//! An application: a host, its routes, and where it listens.

use crate::endpoint::{self, Endpoint};
use crate::error::{Error, Result};
use crate::host::{Host, settle};
use crate::locks::{DEFAULT_WAIT, Key, Locks};
use crate::pipeline::Site;
use crate::problem::Problem;
use crate::route::{Answering, Entry, Routes};
use crate::serve::Server;
use crate::snapshot;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::http::{Method, Uri};
use axum::response::IntoResponse;
use axum::routing::on;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// The largest request body, unless [`App::body_limit`] says otherwise: Kestrel's limit, in bytes.
const BODY_LIMIT: usize = 30_000_000;

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
#[derive(Debug)]
pub struct App<H> {
    name: String,
    host: H,
    locks: Locks,
    routes: Vec<Routes<H>>,
    endpoints: Vec<Endpoint>,
    root: Option<PathBuf>,
    lock_timeout: Duration,
    hold_timeout: Duration,
    drain_timeout: Duration,
    body_limit: usize,
}

impl<H: Host> App<H> {
    /// An application with that name, which start-up prints, over the states of `host`.
    pub fn new(name: impl Into<String>, host: H) -> Self {
        Self {
            name: name.into(),
            host,
            locks: Locks::new(),
            routes: Vec::new(),
            endpoints: Vec::new(),
            root: None,
            lock_timeout: DEFAULT_WAIT,
            hold_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(30),
            body_limit: BODY_LIMIT,
        }
    }

    /// Adds handlers.
    #[must_use]
    pub fn mount(mut self, routes: Routes<H>) -> Self {
        self.routes.push(routes);
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

    /// How long a request waits for all of its locks before it is answered with 503; 30 seconds unless set here or in
    /// `#[locked("…", timeout = "250ms")]`.
    #[must_use]
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout;
        self
    }

    /// How long an async handler may hold its locks before its changes are dropped and it is answered with 503;
    /// 30 seconds unless set here or in `#[locked("…", hold = "5s")]`.
    #[must_use]
    pub fn hold_timeout(mut self, timeout: Duration) -> Self {
        self.hold_timeout = timeout;
        self
    }

    /// How long a graceful stop waits for running requests; 30 seconds unless set.
    #[must_use]
    pub fn drain_timeout(mut self, timeout: Duration) -> Self {
        self.drain_timeout = timeout;
        self
    }

    /// The largest request body in bytes; a larger one is answered with 413. 30,000,000 unless set.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// The application's locks by name, for code outside handlers.
    #[must_use]
    pub fn locks(&self) -> Locks {
        self.locks.clone()
    }

    /// Checks everything that can only be known at start-up.
    ///
    /// # Errors
    /// [`Error::Configuration`] with every problem that was found.
    pub fn build(self) -> Result<Server> {
        let addresses = endpoint::resolve(&self.endpoints);
        let root = self.root.as_deref().map(snapshot::root_problem);
        let built = self.check_routes();

        let mut problems = Vec::new();
        problems.extend(addresses.as_ref().err().into_iter().flatten().cloned());
        problems.extend(root.flatten());
        problems.extend(built.as_ref().err().into_iter().flatten().cloned());
        let (Ok(addresses), Ok(()), true) = (addresses, built, problems.is_empty()) else {
            return Err(Error::Configuration {
                app: self.name,
                problems,
            });
        };
        if let Some(root) = &self.root {
            snapshot::set_root(root);
        }
        let (router, running) = self.router();
        // Only here, not in a router that becomes part of another application, which has a 404 of its own.
        let router = router.fallback(not_found);
        Ok(Server {
            name: self.name,
            addresses,
            router,
            running,
            drain: self.drain_timeout,
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
    /// [`Error::Configuration`] with every problem that was found.
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
        let root = self.root.as_deref().map(snapshot::root_problem);
        let mut problems: Vec<_> = root.flatten().into_iter().collect();
        problems.extend(self.check_routes().err().into_iter().flatten());
        if !problems.is_empty() {
            return Err(Error::Configuration {
                app: self.name,
                problems,
            });
        }
        if let Some(root) = &self.root {
            snapshot::set_root(root);
        }
        Ok(self.router().0)
    }

    fn entries(&self) -> impl Iterator<Item = &Entry<H>> {
        self.routes.iter().flat_map(|routes| &routes.entries)
    }

    /// What `routes!` cannot see: lists mounted apart, and states that already live elsewhere.
    fn check_routes(&self) -> Result<(), Vec<String>> {
        let mut problems = Vec::new();
        if let Err(error) = settle(&self.host.cells()) {
            problems.push(error.to_string());
        }
        let mut paths = matchit::Router::new();
        let mut known = HashMap::new();
        for entry in self.entries() {
            let meta = entry.meta;
            if let Some(other) = known.insert((meta.method, meta.path), meta) {
                problems.push(format!(
                    "{meta} and {other} answer the same requests; mount one of them"
                ));
            } else if known.keys().filter(|(_, path)| *path == meta.path).count() == 1
                && let Err(error) = paths.insert(meta.path, ())
            {
                problems.push(format!("{meta} does not fit the other routes: {error}"));
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// Resolves every state and lock; nothing is looked up once requests come. The routes have been checked.
    fn router(&self) -> (Router, TaskTracker) {
        let running = TaskTracker::new();
        for cell in self.host.cells() {
            if let Some(home) = cell.home.get() {
                self.locks.adopt(&home.group.lock);
            }
        }
        let mut router = Router::new();
        for entry in self.entries() {
            let meta = entry.meta;
            let mut plan = entry.plan(&self.host);
            if meta.takes_locks {
                let keys = meta.locks.iter().filter_map(|name| Key::new(name));
                keys.for_each(|key| plan.take(self.locks.get(key)));
            }
            let site = Site {
                meta,
                plan,
                wait: meta.wait.unwrap_or(self.lock_timeout),
                hold: meta.hold.unwrap_or(self.hold_timeout),
                running: running.clone(),
            };
            let mounted = Mounted {
                answer: entry.answer,
                site: Arc::new(site),
            };
            router = router.route(meta.path, on(meta.method.filter(), mounted));
        }
        let router = router
            .method_not_allowed_fallback(method_not_allowed)
            .layer(DefaultBodyLimit::max(self.body_limit));
        (router, running)
    }
}

/// A handler as axum sees it. Its future is boxed by generated code, once, and not by axum's own blanket implementation,
/// whose error messages say nothing.
#[derive(Clone)]
struct Mounted {
    answer: fn(Arc<Site>, Request) -> Answering,
    site: Arc<Site>,
}

impl Handler<(), ()> for Mounted {
    type Future = Answering;

    fn call(self, request: Request, (): ()) -> Answering {
        (self.answer)(self.site, request)
    }
}

async fn not_found(uri: Uri) -> Problem {
    Problem::not_found(format!("there is nothing at {}", uri.path()))
}

/// axum adds `Allow` to this answer.
async fn method_not_allowed(method: Method, uri: Uri) -> axum::response::Response {
    let detail = format!("{} does not answer {method}; see `Allow`", uri.path());
    let status = axum::http::StatusCode::METHOD_NOT_ALLOWED;
    Problem::new(status, detail).into_response()
}
