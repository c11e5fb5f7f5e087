//! Running an application, from listening to the end of a graceful stop.

use super::error::{Error, Result};
use super::limits::Limits;
use super::serve::{Acceptor, Shared, listen};
use super::stop::{Signals, StopHooks, Unanswered, Waking};
use crate::http::{BodyBudget, Dispatcher, StopToken, WorkerWatch};
use crate::store::Store;
use crate::sync::log;
use std::fmt;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio_util::task::TaskTracker;

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
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) dispatcher: Dispatcher,
    pub(super) store: Store,
    pub(super) running: TaskTracker,
    pub(super) drain: Duration,
    pub(super) watch: WorkerWatch,
    pub(super) limits: Limits,
    pub(super) stop: StopToken,
    pub(super) hooks: StopHooks,
}

impl Server {
    /// Listens on every endpoint, prints the application's name and addresses as one line, and serves until Ctrl-C or
    /// SIGTERM. Then it takes no more connections and requests the stop of everything that has a
    /// [`StopToken`](crate::StopToken). It waits for the responses to all requests that were read, and for the store, at
    /// most for the drain timeout. A request of which only a part has come is not waited for. At the end it runs what
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
        let unanswered = Unanswered {
            runtime: Handle::current(),
            connections: acceptor.tasks().clone(),
            handlers: self.running.clone(),
        };
        let signals =
            Signals::watch(self.stop.clone(), self.drain, unanswered).map_err(Error::Serve)?;
        let listeners = self.listen()?;
        self.print_addresses(&listeners);
        let watch = std::mem::take(&mut self.watch);
        let _waking = Waking::start(Handle::current(), watch);
        let hooks = std::mem::take(&mut self.hooks);
        let served = self.serve(acceptor, listeners, &signals).await;
        hooks.run().await;
        served
    }

    fn shared(&self) -> Shared {
        Shared {
            dispatcher: self.dispatcher.clone(),
            budget: BodyBudget::new(self.limits.total_body),
            stop: self.stop.clone(),
            header_limit: self.limits.header,
        }
    }

    async fn serve(
        self,
        acceptor: Acceptor,
        listeners: Vec<TcpListener>,
        signals: &Signals,
    ) -> Result<()> {
        let supervisor = acceptor.supervise(self.limits.clone());
        let mut accepting = JoinSet::new();
        for listener in listeners {
            accepting.spawn(acceptor.clone().accept(listener));
        }
        tokio::select! {
            () = self.stop.requested() => {}
            Some(Err(error)) = accepting.join_next() => {
                self.stop.request();
                return Err(Error::Serve(io::Error::other(error)));
            }
        }
        log::info!(app = self.name, drain = ?self.drain, "stopping: waiting for running requests");
        self.running.close();
        acceptor.tasks().close();
        let drained = async {
            while accepting.join_next().await.is_some() {}
            acceptor.tasks().wait().await;
            self.running.wait().await;
            // Changes of clients that did not wait for their response.
            self.store.flush().await;
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
        log::error!(
            app = self.name,
            handlers,
            "stopped before every request was answered"
        );
        Err(Error::Unfinished { handlers })
    }

    fn listen(&self) -> Result<Vec<TcpListener>> {
        self.addresses.iter().copied().map(listen).collect()
    }

    /// A closed standard output is no reason to stop.
    fn print_addresses(&self, listeners: &[TcpListener]) {
        let addresses: Vec<_> = listeners
            .iter()
            .filter_map(|listener| listener.local_addr().ok())
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
