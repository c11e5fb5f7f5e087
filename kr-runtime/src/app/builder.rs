//! An application: a host, its routes, its store, and where it listens.

use super::endpoint::Endpoint;
use super::limits::Limits;
#[cfg(feature = "operations")]
use super::operated::OperatedApp;
use super::parts::Parts;
use super::stop::{ShutdownSignals, StopHooks};
use super::tasks::BackgroundTask;
use crate::host::{Host, StoreFor};
use crate::http::{Idempotency, RequestPolicy, Routes, SetState, StopToken};
use crate::lock::DEFAULT_LOCK_TIMEOUT;
#[cfg(feature = "openapi")]
use crate::openapi::OpenApi;
use crate::snapshot::SnapshotRoot;
use crate::state::register;
use crate::store::{Locks, Storage, Store, Volatile};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

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
/// | [`body_limit`](Self::body_limit): the body of one request | 30,000,000 bytes | 413, before the body is read if `Content-Length` says so |
/// | [`total_body_limit`](Self::total_body_limit): the bodies of all requests without a response | 64,000,000 bytes | 503 |
/// | [`header_limit`](Self::header_limit): the header of one request | 65,536 bytes | 431 without a body, closed |
/// | [`header_timeout`](Self::header_timeout): to send a header | 30 s | closed |
/// | [`idle_timeout`](Self::idle_timeout): between two requests | 75 s | closed |
/// | [`min_body_rate`](Self::min_body_rate): of a body that a handler waits for | 240 bytes/s after 5 s | 408, closed |
/// | [`write_timeout`](Self::write_timeout): to read anything of a response | 30 s | closed |
/// | [`max_connections`](Self::max_connections) | 10,000, or what the file limit allows | 503, closed; the log says so once a second |
/// | [`lock_timeout`](Self::lock_timeout): to wait for locks | 30 s | 503 |
/// | [`hold_timeout`](Self::hold_timeout): of an async handler | 30 s | 503, changes dropped |
/// | [`max_waiters`](Self::max_waiters): requests that wait for one lock | none | 503 |
/// | [`drain_timeout`](Self::drain_timeout): of a graceful stop | 30 s | [`Error::Unfinished`](crate::Error::Unfinished) |
/// | [`allowed_hosts`](Self::allowed_hosts) | all | 421 |
/// | [`same_site`](Self::same_site) | off | 403 |
///
/// A request of HTTP/1.1 with no header `Host`, with several, or with one that names no host, gets a 400. A connection that
/// was taken over by another protocol, such as WebSocket, counts for `max_connections` alone.
pub struct App<H> {
    pub(super) name: String,
    pub(super) host: Arc<H>,
    pub(super) locks: Locks,
    pub(super) store: Store<Volatile>,
    /// How the store keeps each state.
    pub(super) storage: Vec<Option<Storage>>,
    pub(super) instance_memory: Option<usize>,
    pub(super) idempotency: Idempotency,
    pub(super) routes: Vec<Routes<H>>,
    pub(super) parts: Parts,
    pub(super) states: Vec<SetState>,
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) listeners: Vec<TcpListener>,
    pub(super) has_connect_info: bool,
    pub(super) root: Option<PathBuf>,
    pub(super) lock_timeout: Duration,
    pub(super) max_waiters: usize,
    pub(super) hold_timeout: Duration,
    pub(super) drain_timeout: Duration,
    pub(super) limits: Limits,
    pub(super) policy: RequestPolicy,
    pub(super) stop: StopToken,
    pub(super) tasks: Vec<BackgroundTask>,
    pub(super) hooks: StopHooks,
    pub(super) shutdown: ShutdownSignals,
    pub(super) stop_delay: Duration,
    #[cfg(feature = "openapi")]
    pub(super) openapi: Option<OpenApi>,
    #[cfg(feature = "operations")]
    pub(super) operated: OperatedApp,
}

impl<H: Host> App<H> {
    /// An application of that name, which is printed at the start, with the states of `host`.
    pub fn new(name: impl Into<String>, host: H) -> Self {
        Self {
            name: name.into(),
            // States that cannot be registered are reported when the application is built.
            locks: register(&host.fields()).map_or_else(|_| Locks::new(), Locks::of),
            host: Arc::new(host),
            store: Store::memory(),
            storage: Vec::new(),
            instance_memory: None,
            idempotency: Idempotency::default(),
            routes: Vec::new(),
            parts: Parts::default(),
            states: Vec::new(),
            endpoints: Vec::new(),
            listeners: Vec::new(),
            has_connect_info: false,
            root: None,
            lock_timeout: DEFAULT_LOCK_TIMEOUT,
            max_waiters: usize::MAX,
            hold_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(30),
            limits: Limits::default(),
            policy: RequestPolicy::default(),
            stop: StopToken::default(),
            tasks: Vec::new(),
            hooks: StopHooks::default(),
            shutdown: ShutdownSignals::default(),
            stop_delay: Duration::ZERO,
            #[cfg(feature = "openapi")]
            openapi: None,
            #[cfg(feature = "operations")]
            operated: OperatedApp::default(),
        }
    }

    /// Adds handlers.
    #[must_use]
    pub fn mount(mut self, routes: Routes<H>) -> Self {
        self.routes.push(routes);
        self
    }

    /// Adds handlers under a prefix: with `/api`, a handler of `/visit` answers at `/api/visit`, and one of `/` at `/api`.
    ///
    /// The prefix has no captures. Handlers and layers see the whole path.
    ///
    /// ```
    /// use kr_runtime::prelude::*;
    ///
    /// #[kr_route(get, "/ping")]
    /// fn ping() -> &'static str {
    ///     "pong"
    /// }
    ///
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// // GET /ping and GET /api/v1/ping
    /// let app = App::new("Ping", Empty {})
    ///     .mount(routes![ping])
    ///     .mount_at("/api/v1", routes![ping]);
    /// ```
    #[must_use]
    pub fn mount_at(mut self, prefix: &str, routes: Routes<H>) -> Self {
        self.parts.prefixes.push(prefix.to_owned());
        self.mount(routes.under(prefix))
    }

    /// The host, for code that works beside the server.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Clone, SharedState)]
    /// # #[shared_state(lock = "visits")]
    /// # struct Visits(u64);
    /// # #[derive(Host)]
    /// # struct Site {
    /// #     visits: Shared<Visits>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::new("Site", Site { visits: Shared::new(Visits(0)) });
    /// let site = app.host();
    /// let server = app.endpoint(0).build()?;
    /// site.update(|visits: &mut Visits| visits.0 = 7).await?;
    /// # drop(server);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn host(&self) -> Arc<H> {
        Arc::clone(&self.host)
    }

    /// Says where committed values live. In memory, unless set.
    ///
    /// What the store has is loaded when the application is built; a state that it does not have gets its first value.
    #[must_use]
    pub fn store(mut self, store: impl StoreFor<H>) -> Self {
        (self.store, self.storage) = store.keep(&self.host);
        self
    }

    /// Says how many bytes the instances of keyed states may take up in memory that the store has as well; 64 MiB, unless set.
    /// It is an estimate. Those that were used least recently leave memory, never one that is in use, and come back when
    /// they are asked for. With the memory store it plays no part: there, nothing else has them.
    #[must_use]
    pub fn instance_memory(mut self, bytes: usize) -> Self {
        self.instance_memory = Some(bytes);
        self
    }

    /// Says how the responses of [`idempotent`](macro@crate::kr_route#idempotent) routes are kept: for how long, how many, and
    /// what tells one client from another. Of applications over one store, the limits of the one that was built last hold.
    #[must_use]
    pub fn idempotency(mut self, idempotency: Idempotency) -> Self {
        self.idempotency = idempotency;
        self
    }

    /// The folder in which code of this application resolves relative paths of snapshot files. It must exist. Without it,
    /// that is the working directory.
    ///
    /// Code of the application is what runs in its handlers, background tasks and [`on_stop`](Self::on_stop) functions, and
    /// in tasks that those start with [`kr_runtime::spawn`](crate::spawn). For other tasks and threads, among them those of
    /// `tokio::spawn` and `spawn_blocking`, see [`snapshot_root`](Self::snapshot_root). They have the same root as long as
    /// all applications of the process have it, from the time when those are built. If the applications differ, relative
    /// paths are an error there.
    #[must_use]
    pub fn root(mut self, path: impl Into<PathBuf>) -> Self {
        self.root = Some(path.into());
        self
    }

    /// The folder that [`root`](Self::root) has set, to be taken to other tasks and threads.
    ///
    /// ```
    /// use kr_runtime::prelude::*;
    /// # #[derive(Host)]
    /// # struct Empty {}
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("kr-doc-root-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let app = App::new("Backup", Empty {}).root(&folder);
    /// let root = app.snapshot_root().expect("it is set");
    /// let saved = std::thread::spawn(move || {
    ///     root.enter(|| Snapshot::new(&3).write_to("count.xml"))
    /// });
    /// saved.join().expect("no panic")?;
    /// assert!(folder.join("count.xml").exists());
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn snapshot_root(&self) -> Option<SnapshotRoot> {
        self.root.as_deref().map(SnapshotRoot::new)
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

    /// The locks of the host by name, for code outside handlers. Applications over clones of one host share them. A host
    /// without states has nothing to keep them in, so each application over it has locks of its own.
    #[must_use]
    pub fn locks(&self) -> Locks {
        self.locks.clone()
    }
}

impl<H: fmt::Debug> fmt::Debug for App<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("name", &self.name)
            .field("host", &self.host)
            .field("routes", &self.routes)
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}
