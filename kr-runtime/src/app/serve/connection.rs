//! Serving one connection.

use super::activity::Activity;
use super::service::{RequestService, Shared};
use super::socket::Socket;
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// hyper's connection. Without HTTP/2 there is nothing to find out about the first bytes.
#[cfg(not(feature = "http2"))]
type HyperConnection =
    hyper::server::conn::http1::UpgradeableConnection<TokioIo<Socket>, RequestService>;

#[cfg(not(feature = "http2"))]
fn hyper_connection(socket: Socket, service: RequestService) -> HyperConnection {
    // No timer: the supervisor has a clock for all connections.
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder
        .max_header_size(service.shared.header_limit)
        .serve_connection(TokioIo::new(socket), service)
        .with_upgrades()
}

#[cfg(feature = "http2")]
type HyperConnection = hyper_util::server::conn::auto::UpgradeableConnection<
    'static,
    TokioIo<Socket>,
    RequestService,
    hyper_util::rt::TokioExecutor,
>;

#[cfg(feature = "http2")]
fn hyper_connection(socket: Socket, service: RequestService) -> HyperConnection {
    let executor = hyper_util::rt::TokioExecutor::new();
    let mut builder = hyper_util::server::conn::auto::Builder::new(executor);
    let header_limit = service.shared.header_limit;
    // hyper-util does not offer the limit on headers of HTTP/1 alone, and this one is not below 8 KiB.
    builder.http1().max_buf_size(header_limit.max(8_192));
    let of_http2 = u32::try_from(header_limit).unwrap_or(u32::MAX);
    // The protocol is for WebSocket over HTTP/2.
    builder
        .http2()
        .max_header_list_size(of_http2)
        .enable_connect_protocol();
    builder
        .serve_connection_with_upgrades(TokioIo::new(socket), service)
        .into_owned()
}

/// Serves one connection until the client or the server closes it.
pub(super) struct Connection {
    hyper: Pin<Box<HyperConnection>>,
    activity: Arc<Activity>,
    is_stopping: bool,
}

impl Connection {
    pub(super) fn new(
        socket: Socket,
        client: SocketAddr,
        activity: &Arc<Activity>,
        shared: &Arc<Shared>,
    ) -> Self {
        let service = RequestService {
            shared: Arc::clone(shared),
            activity: Arc::clone(activity),
            client,
        };
        Self {
            hyper: Box::pin(hyper_connection(socket, service)),
            activity: Arc::clone(activity),
            is_stopping: false,
        }
    }
}

impl Future for Connection {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.activity.set_task(context);
        if self.activity.is_expired() {
            return Poll::Ready(());
        }
        if self.activity.is_stopping() && !self.is_stopping {
            self.is_stopping = true;
            self.hyper.as_mut().graceful_shutdown();
        }
        match self.hyper.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(()),
            // A request of which only a part has come is not waited for.
            Poll::Pending if self.is_stopping && self.activity.is_quiet() => Poll::Ready(()),
            Poll::Pending => Poll::Pending,
        }
    }
}
