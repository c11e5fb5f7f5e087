//! An application: a host, its routes, and where it listens.

use crate::app::endpoint::{self, Endpoint};
use crate::app::error::{Error, Result};
use crate::app::server::Server;
use crate::host::by_type::Host;
use crate::http::bound_handler::{Site, Target};
use crate::http::cached_response::LastAnswer;
use crate::http::dispatch::{Front, Mounted, Straight};
use crate::http::problem::Problem;
use crate::http::route::{Entry, Routes};
use crate::lock::{DEFAULT_WAIT, Locks};
use crate::snapshot;
use crate::state::registration::{Part, settle};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode, Uri};
use axum::routing::on;
use std::collections::{HashMap, HashSet};
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
    max_waiters: usize,
    hold_timeout: Duration,
    drain_timeout: Duration,
    body_limit: usize,
}

impl<H: Host> App<H> {
    /// An application with that name, which start-up prints, over the states of `host`.
    pub fn new(name: impl Into<String>, host: H) -> Self {
        Self {
            name: name.into(),
            locks: locks_of(&host),
            host,
            routes: Vec::new(),
            endpoints: Vec::new(),
            root: None,
            lock_timeout: DEFAULT_WAIT,
            max_waiters: usize::MAX,
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

    /// How many requests may wait for one lock; one more is answered with 503 at once. No bound unless set.
    #[must_use]
    pub fn max_waiters(mut self, waiters: usize) -> Self {
        self.max_waiters = waiters;
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
        let mut problems = self.problems();
        let addresses = endpoint::resolve(&self.endpoints, &mut problems);
        let (name, drain) = (self.name.clone(), self.drain_timeout);
        let Ready {
            router,
            straight,
            running,
        } = self.ready(problems)?;
        Ok(Server {
            name,
            addresses,
            // Only here: a router that becomes part of another application leaves 404 to that one.
            front: Front::new(straight, router.fallback(not_found)),
            running,
            drain,
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
        let problems = self.problems();
        Ok(self.ready(problems)?.router)
    }

    fn entries(&self) -> impl Iterator<Item = &Entry<H>> {
        self.routes.iter().flat_map(|routes| &routes.entries)
    }

    /// What is wrong with the application, apart from where it listens: a sentence for each problem.
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        problems.extend(self.root.as_deref().and_then(snapshot::root_problem));
        if let Err(error) = settle(&self.host.parts()) {
            problems.push(error.to_string());
        }
        self.route_problems(&mut problems);
        problems
    }

    /// What `routes!` cannot see in lists that were mounted apart, and what axum would panic on.
    fn route_problems(&self, problems: &mut Vec<String>) {
        let mut known = HashMap::new();
        let mut paths = HashSet::new();
        let mut router = matchit::Router::new();
        for Entry { meta, .. } in self.entries() {
            if let Some(other) = known.insert((meta.method, meta.path), meta) {
                problems.push(format!(
                    "{meta} and {other} answer the same requests; mount one of them"
                ));
            } else if paths.insert(meta.path)
                && let Err(error) = router.insert(meta.path, ())
            {
                problems.push(format!("{meta} does not fit the other routes: {error}"));
            }
        }
    }

    /// Resolves every state and lock, so that nothing is looked up once requests come; unless there are problems.
    fn ready(self, problems: Vec<String>) -> Result<Ready> {
        if !problems.is_empty() {
            return Err(Error::Configuration {
                app: self.name,
                problems,
            });
        }
        if let Some(root) = &self.root {
            snapshot::set_root(root);
        }
        let running = TaskTracker::new();
        let mut router = Router::new();
        let mut straight = Straight::default();
        for entry in self.entries() {
            let meta = entry.meta;
            let limit = DefaultBodyLimit::max(self.body_limit);
            let mounted = Mounted {
                answer: entry.answer,
                site: Arc::new(self.site(entry, &running)),
                body_limit: meta.reads_body.then_some(limit),
            };
            straight.add(&mounted);
            router = router.route(meta.path, on(meta.method.filter(), mounted));
        }
        Ok(Ready {
            router: router.method_not_allowed_fallback(method_not_allowed),
            straight,
            running,
        })
    }

    fn site(&self, entry: &Entry<H>, running: &TaskTracker) -> Site {
        let meta = entry.meta;
        Site {
            meta,
            target: Target::new(meta, (entry.borrows)(&self.host), &self.locks),
            wait: meta.wait.unwrap_or(self.lock_timeout),
            max_waiters: self.max_waiters,
            hold: meta.hold.unwrap_or(self.hold_timeout),
            running: running.clone(),
            last_answer: LastAnswer::new(),
        }
    }
}

/// An application that has passed its checks, with every state and lock resolved.
struct Ready {
    router: Router,
    straight: Straight,
    running: TaskTracker,
}

/// The locks of an application, by name: those of its states from the start, so that a name never means two locks.
fn locks_of(host: &impl Host) -> Locks {
    let locks = Locks::new();
    let parts = host.parts();
    // States that cannot be brought together are reported when the application is built.
    if settle(&parts).is_ok() {
        for part in parts {
            match part {
                Part::One(cell) => {
                    if let Some(home) = cell.home.get() {
                        locks.adopt(&home.group.lock);
                    }
                }
                Part::Keyed(keyed) => {
                    if let Some((family, _)) = keyed.family() {
                        locks.leave(family.template().clone(), family.locks().clone());
                    }
                }
            }
        }
    }
    locks
}

async fn not_found(uri: Uri) -> Problem {
    Problem::not_found(format!("there is nothing at {}", uri.path()))
}

/// axum adds `Allow` to this answer.
async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    let detail = format!("{} does not answer {method}; see `Allow`", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}
