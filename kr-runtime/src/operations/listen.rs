//! The listener of operations, on a runtime of its own.

use super::access::{Access, ClientAddress, Guarded};
use super::router::router;
use super::service::Service;
use super::shared::Shared;
use crate::sync::log;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tower_service::Service as _;

/// How many connections there are at most: a handful of people and scrapers, and never enough to hurt.
const MOST_CONNECTIONS: usize = 64;

const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// The listener of operations before it answers. Clients can connect, and wait.
pub(crate) struct OperationsListener {
    listener: StdListener,
    access: Arc<Access>,
    address: SocketAddr,
}

/// The listener of operations while it answers. It ends when this is dropped.
pub(crate) struct RunningOperations {
    runtime: Option<Runtime>,
    closing: CancellationToken,
}

impl OperationsListener {
    /// Listens.
    ///
    /// # Errors
    /// If the address is taken or not permitted.
    pub(crate) fn bind(address: SocketAddr, access: Access) -> io::Result<Self> {
        let listener = StdListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            access: Arc::new(access),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers from now on.
    ///
    /// # Errors
    /// If the system gives no threads.
    pub(crate) fn start(self, service: Arc<Service>) -> io::Result<RunningOperations> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(4)
            .thread_name("kr-operations")
            .enable_all()
            .build()?;
        let closing = CancellationToken::new();
        let guarded = Guarded {
            access: self.access,
            port: self.address.port(),
        };
        let shared = Arc::new(Shared::new(service, guarded, closing.clone())?);
        let listener = {
            let _entered = runtime.enter();
            TcpListener::from_std(self.listener)?
        };
        runtime.spawn(accept(listener, router(shared)));
        Ok(RunningOperations {
            runtime: Some(runtime),
            closing,
        })
    }
}

impl Drop for RunningOperations {
    fn drop(&mut self) {
        self.closing.cancel();
        // Dropped in an async function, a runtime would panic: it would have to wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn accept(listener: TcpListener, router: Router) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        // Others wait in the system's queue: they are few, and each of ours ends soon or belongs to somebody who watches.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, client)) => {
                let serving = serve(stream, client, router.clone());
                tokio::spawn(async move {
                    serving.await;
                    drop(place);
                });
            }
            Err(error) => {
                log::warn!(%error, "operations: a connection was not accepted");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn serve(stream: TcpStream, client: SocketAddr, router: Router) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ClientAddress(client));
        // axum's router is always ready.
        router.clone().call(request)
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_header_size(16 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    // What goes wrong here is that the client has left.
    let _ = served.await;
}
