//! A server for tests that need a separate process. Its handlers are slow on purpose, or report how they were reached.

use axum::http::Uri;
use kr_runtime::Counter;
use kr_runtime::prelude::*;
use std::backtrace::Backtrace;
use std::time::Duration;
use tokio::time::sleep;

/// Two fields that every commit keeps equal.
#[derive(Clone, Serialize, SharedState)]
#[shared_state(lock = "pair")]
struct Pair {
    left: u64,
    right: u64,
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    views: Counter,
}

#[derive(Host)]
struct TestServer {
    pair: Shared<Pair>,
    page: Shared<Page>,
}

#[kr_route(get, "/pair")]
#[locked("pair")]
fn pair(pair: &Pair) -> Json<&Pair> {
    Json(pair)
}

/// Its response is cached.
#[kr_route(get, "/cached", cached)]
#[locked("pair")]
fn cached(pair: &Pair) -> Json<&Pair> {
    Json(pair)
}

/// Changes one field, waits, and changes the other.
#[kr_route(post, "/slow/{millis}")]
#[locked("pair")]
async fn slow(pair: &mut Pair, millis: u64) -> Json<Pair> {
    pair.left += 1;
    sleep(Duration::from_millis(millis)).await;
    pair.right += 1;
    Json(pair.clone())
}

#[kr_route(get, "/dispatch/states")]
#[locked("pair")]
fn dispatch_of_states(_pair: &Pair) -> &'static str {
    dispatch()
}

#[kr_route(get, "/dispatch/counters")]
fn dispatch_of_counters(_views: &Counter) -> &'static str {
    dispatch()
}

#[kr_route(get, "/dispatch/extractors")]
fn dispatch_of_extractors(_views: &Counter, _uri: Uri) -> &'static str {
    dispatch()
}

/// How the request got here, according to the calls on the stack.
fn dispatch() -> &'static str {
    let calls = Backtrace::force_capture().to_string();
    if calls.contains("axum::routing") {
        "through the router"
    } else {
        "without the router"
    }
}

#[tokio::main]
async fn main() -> kr_runtime::Result<()> {
    let host = TestServer {
        pair: Shared::new(Pair { left: 0, right: 0 }),
        page: Shared::new(Page {
            views: Counter::new(0),
        }),
    };
    let drain = std::env::var("DRAIN_MILLIS").ok();
    let drain = drain.and_then(|millis| millis.parse().ok());
    let endpoints = std::env::var("ENDPOINTS").unwrap_or_default();
    let app = App::new("TestServer", host)
        .mount(routes![pair, cached, slow])
        .mount(routes![
            dispatch_of_states,
            dispatch_of_counters,
            dispatch_of_extractors
        ])
        .drain_timeout(Duration::from_millis(drain.unwrap_or(10_000)));
    endpoints
        .split_whitespace()
        .fold(app, App::endpoint)
        .run()
        .await
}
