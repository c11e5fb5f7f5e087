//! A server in the test's own process.

use axum::Router;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Serves a router on a free port of the loopback interface until the runtime shuts down.
///
/// # Panics
/// If there is no free port.
pub async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
