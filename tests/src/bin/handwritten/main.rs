//! The tutorial handwritten on axum alone. The benchmarks compare kr with it.
//!
//! ```text
//! STORE=mutex PORT=5001 handwritten    # or tokio-mutex, rwlock, swap
//! ```
//!
//! Each store is what one would write without kr. All have the tutorial's routes, names, texts and statuses.

mod arc_swap;
mod document;
mod error;
mod mutex;
mod rwlock;
mod tokio_mutex;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::serve::ListenerExt;
use std::io::Write;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// For the import route only: on all routes it would cost every request.
fn large_bodies() -> DefaultBodyLimit {
    DefaultBodyLimit::max(30_000_000)
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let router: Router = match std::env::var("STORE").as_deref() {
        Err(_) | Ok("mutex") => mutex::router(),
        Ok("tokio-mutex") => tokio_mutex::router(),
        Ok("rwlock") => rwlock::router(),
        Ok("swap") => arc_swap::router(),
        Ok(other) => panic!("{other} is none of mutex, tokio-mutex, rwlock, swap"),
    };
    let port = std::env::var("PORT").unwrap_or_else(|_| "5000".into());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "Handwritten listening on http://{}",
        listener.local_addr()?
    )?;
    out.flush()?;
    drop(out);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let mut terminate = signal(SignalKind::terminate())?;
    axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            terminate.recv().await;
        })
        .await
}
