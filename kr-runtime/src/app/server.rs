//! Running an application, from listening to the end of a graceful stop.

use super::error::{Error, Result};
use super::limits::Limits;
#[cfg(feature = "operations")]
use super::operated::OperatedServer;
use super::serve::{Acceptor, Shared, listen};
use super::stop::{Leave, PendingHooks, ShutdownSignals, Signals, StopHooks, Unanswered, Waking};
use super::tasks::{BackgroundTask, RunningTasks};
use crate::http::{BodyBudget, Dispatcher, StopToken, WorkerWatch};
use crate::snapshot::{self, SnapshotRoot};
use crate::store::{Store, Volatile};
use crate::sync::log;
use std::fmt;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

/// For how long a stop waits for connections that speak another protocol, such as WebSocket. Their requests have been answered,
/// and nobody but their handlers knows how to end them.
const FAREWELL: Duration = Duration::from_secs(2);

/// An application that has passed its checks; [`App::build`](crate::App::build) makes it.
///
/// ```
/// # use kr_runtime::prelude::*;
/// # #[derive(Host)]
/// # struct Empty {}
/// # fn main() -> kr_runtime::Result<()> {
/// let server = App::new("Checked", Empty {}).endpoint(0).build()?;
/// # Ok(())
/// # }
/// ```
pub struct Server {
    pub(super) name: String,
    /// Those that it does not listen on yet.
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) listeners: Vec<TcpListener>,
    pub(super) has_connect_info: bool,
    pub(super) dispatcher: Dispatcher,
    pub(super) store: Store<Volatile>,
    pub(super) running: TaskTracker,
    pub(super) off_the_workers: TaskTracker,
    pub(super) drain: Duration,
    pub(super) watch: WorkerWatch,
    pub(super) limits: Limits,
    pub(super) leave: Leave,
    pub(super) root: Option<SnapshotRoot>,
    pub(super) tasks: Vec<BackgroundTask>,
    pub(super) hooks: StopHooks,
    pub(super) shutdown: ShutdownSignals,
    #[cfg(feature = "operations")]
    pub(super) operated: OperatedServer,
}

impl Server {
    /// Listens on every endpoint, so that the addresses are known before anything is served. Clients can connect from then
    /// on, and wait for [`run`](Self::run), which does this itself if nobody has.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> kr_runtime::Result<()> {
    /// // Port 0 lets the system pick a free one.
    /// let mut server = App::new("Free", Empty {}).endpoint(0).build()?;
    /// server.bind()?;
    /// let address = server.local_addr().expect("one endpoint");
    /// assert_ne!(address.port(), 0);
    ///
    /// let stop = server.stop_token();
    /// let running = tokio::spawn(server.run());
    /// stop.request();
    /// running.await.expect("no panic")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Listen`] if an address is taken or not permitted.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn bind(&mut self) -> Result<()> {
        for address in std::mem::take(&mut self.addresses) {
            self.listeners.push(listen(address)?);
        }
        #[cfg(feature = "operations")]
        self.operated.bind()?;
        Ok(())
    }

    /// The addresses that the server listens on: those of [`App::listener`](crate::App::listener), and after
    /// [`bind`](Self::bind) those of its endpoints.
    #[must_use]
    pub fn local_addrs(&self) -> Vec<SocketAddr> {
        let listeners = self.listeners.iter();
        listeners
            .filter_map(|listener| listener.local_addr().ok())
            .collect()
    }

    /// The first of [`local_addrs`](Self::local_addrs).
    #[must_use]
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.local_addrs().first().copied()
    }

    /// The address of the operations listener, after [`bind`](Self::bind), if there is one.
    #[cfg(feature = "operations")]
    #[must_use]
    pub fn operations_addr(&self) -> Option<SocketAddr> {
        self.operated.address()
    }

    /// The token that says when the application stops, and stops it.
    #[must_use]
    pub fn stop_token(&self) -> StopToken {
        self.leave.stop.clone()
    }

    /// Listens on every endpoint, unless [`bind`](Self::bind) has, prints the application's name and addresses as one line, and serves until Ctrl-C or
    /// SIGTERM. Then it takes no more connections and requests the stop of everything that has a
    /// [`StopToken`](crate::StopToken). It waits for the responses to all requests that were read, for the background
    /// tasks, and for the store, at most for the drain timeout. A request of which only a part has come is not waited for. At the end it runs what
    /// [`App::on_stop`](crate::App::on_stop) registered, whether all were answered or not.
    ///
    /// A second signal ends the process within a second, even if handlers keep all workers busy. So does the end of the
    /// drain timeout once `main` returns.
    ///
    /// # Errors
    /// [`Error::Listen`] if an address is taken or not permitted, before any request is served; [`Error::Serve`];
    /// [`Error::Unfinished`] if requests were still running at the end.
    pub async fn run(mut self) -> Result<()> {
        let acceptor = Acceptor::new(self.shared(), &self.limits);
        let hooks = std::mem::take(&mut self.hooks).run();
        let hooks = PendingHooks::new(snapshot::within(self.root.clone(), hooks));
        let _withdraw = hooks.withdraw_on_drop();
        let unanswered = Unanswered {
            runtime: Handle::current(),
            connections: acceptor.tasks().clone(),
            handlers: self.running.clone(),
            off_the_workers: self.off_the_workers.clone(),
            tasks: TaskTracker::new(),
            hooks: hooks.clone(),
        };
        let tasks = unanswered.tasks.clone();
        let signals =
            Signals::watch(self.leave.clone(), self.drain, unanswered).map_err(Error::Serve)?;
        self.bind()?;
        #[cfg(feature = "operations")]
        let _operated = self.operated.start(&acceptor)?;
        self.print_addresses();
        let watch = std::mem::take(&mut self.watch);
        let _waking = Waking::start(Handle::current(), watch);
        let shutdown = std::mem::take(&mut self.shutdown).watch(self.leave.clone());
        let shutdown = tokio::spawn(shutdown);
        let served = self.serve(acceptor, tasks, &signals).await;
        shutdown.abort();
        hooks.run().await;
        served
    }

    fn shared(&self) -> Shared {
        Shared {
            dispatcher: self.dispatcher.clone(),
            budget: BodyBudget::new(self.limits.total_body),
            stop: self.leave.stop.clone(),
            header_limit: self.limits.header,
            has_connect_info: self.has_connect_info,
        }
    }

    async fn serve(
        mut self,
        acceptor: Acceptor,
        tasks: TaskTracker,
        signals: &Signals,
    ) -> Result<()> {
        let background = std::mem::take(&mut self.tasks);
        let background = RunningTasks::start(
            background,
            &tasks,
            &self.leave.stop,
            self.root.as_ref(),
            #[cfg(feature = "operations")]
            &self.operated.tasks,
        );
        let supervisor = acceptor.supervise(self.limits.clone());
        let mut accepting = JoinSet::new();
        for listener in self.listeners {
            accepting.spawn(acceptor.clone().accept(listener));
        }
        #[cfg(feature = "operations")]
        self.operated.health.serves();
        tokio::select! {
            () = self.leave.stop.requested() => {}
            Some(Err(error)) = accepting.join_next() => {
                self.leave.stop.request();
                return Err(Error::Serve(io::Error::other(error)));
            }
        }
        log::info!(app = self.name, drain = ?self.drain, "stopping: waiting for running requests");
        self.running.close();
        self.off_the_workers.close();
        acceptor.tasks().close();
        acceptor.sockets().close();
        tasks.close();
        let farewell = timeout(FAREWELL, acceptor.sockets().wait());
        let drained = async {
            while accepting.join_next().await.is_some() {}
            acceptor.tasks().wait().await;
            self.running.wait().await;
            self.off_the_workers.wait().await;
            tasks.wait().await;
        };
        let drained = async {
            let _ = tokio::join!(drained, farewell);
            // Changes of clients that did not wait for their response.
            self.store.settle().await;
        };
        let is_drained = tokio::select! {
            () = drained => true,
            () = signals.give_up() => false,
        };
        supervisor.abort();
        if is_drained {
            log::info!(app = self.name, "stopped");
            return Ok(());
        }
        let handlers = self.running.len();
        let tasks = background.unfinished();
        log::error!(
            app = self.name,
            handlers,
            ?tasks,
            "stopped before every request was answered and every background task had ended"
        );
        Err(Error::Unfinished { handlers, tasks })
    }

    /// A closed standard output is no reason to stop.
    fn print_addresses(&self) {
        let addresses = self.local_addrs().into_iter();
        let addresses: Vec<_> = addresses
            .map(|address| format!("http://{address}"))
            .collect();
        let mut out = io::stdout().lock();
        let _ = writeln!(
            out,
            "{} listening on {}",
            self.name,
            addresses.join(" and ")
        );
        let _ = out.flush();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("name", &self.name)
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}
