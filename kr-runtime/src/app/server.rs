//! Listening, and a graceful stop.

use super::error::{Error, Result};
use crate::http::Dispatcher;
use crate::store::Store;
use axum::ServiceExt;
use axum::extract::Request;
use axum::serve::ListenerExt;
use std::fmt;
use std::future::IntoFuture;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
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
    pub(crate) name: String,
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) dispatcher: Dispatcher,
    pub(crate) store: Store,
    pub(crate) running: TaskTracker,
    pub(crate) drain: Duration,
}

impl Server {
    /// Listens on every endpoint, prints the application's name and addresses as one line, and serves until Ctrl-C or
    /// SIGTERM. Then it takes no more connections, and waits for running requests and for the store, at most for the drain
    /// timeout; a second signal ends the wait at once.
    ///
    /// # Errors
    /// [`Error::Listen`] if an address is taken or not permitted, before any request is served; [`Error::Serve`];
    /// [`Error::Unfinished`] if requests were still running at the end.
    pub async fn run(self) -> Result<()> {
        let mut signals = Signals::install().map_err(Error::Serve)?;
        let listeners = self.listen().await?;
        self.print_addresses(&listeners);

        let stop = CancellationToken::new();
        let mut servers = JoinSet::new();
        for listener in listeners {
            // Responses are written whole; waiting to fill a packet would only delay them.
            let listener = listener.tap_io(|stream| {
                let _ = stream.set_nodelay(true);
            });
            let service = ServiceExt::<Request>::into_make_service(self.dispatcher.clone());
            let serving = axum::serve(listener, service)
                .with_graceful_shutdown(stop.clone().cancelled_owned());
            servers.spawn(serving.into_future());
        }
        tokio::select! {
            () = signals.next() => {}
            Some(ended) = servers.join_next() => return ended_early(ended),
        }

        tracing::info!(app = self.name, drain = ?self.drain, "stopping: waiting for running requests");
        stop.cancel();
        self.running.close();
        let drained = async {
            while servers.join_next().await.is_some() {}
            self.running.wait().await;
            // Changes of clients that did not wait for their response.
            self.store.flush().await;
        };
        let in_time = tokio::select! {
            drained = timeout(self.drain, drained) => drained.is_ok(),
            () = signals.next() => false,
        };
        if in_time {
            tracing::info!(app = self.name, "stopped");
            return Ok(());
        }
        Err(Error::Unfinished {
            handlers: self.running.len(),
        })
    }

    async fn listen(&self) -> Result<Vec<TcpListener>> {
        let mut listeners = Vec::new();
        for &address in &self.addresses {
            let listener = TcpListener::bind(address)
                .await
                .map_err(|source| Error::Listen { address, source })?;
            listeners.push(listener);
        }
        Ok(listeners)
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

fn ended_early(ended: std::result::Result<io::Result<()>, tokio::task::JoinError>) -> Result<()> {
    ended
        .map_err(io::Error::other)
        .and_then(|result| result)
        .map_err(Error::Serve)
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("name", &self.name)
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}

/// Ctrl-C and, where there is one, SIGTERM.
struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn install() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    fn install() -> io::Result<Self> {
        Ok(Self {})
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
