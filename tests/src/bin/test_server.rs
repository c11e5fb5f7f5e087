//! A server whose handlers misbehave on purpose, for tests that need a process of its own.

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
    looks: Counter,
}

#[derive(Host)]
struct Probe {
    pair: Shared<Pair>,
    page: Shared<Page>,
}

#[kr_route(get, "/pair")]
#[locked("pair")]
fn pair(pair: &Pair) -> Json<&Pair> {
    Json(pair)
}

/// Answered again from the same bytes.
#[kr_route(get, "/kept", cached)]
#[locked("pair")]
fn kept(pair: &Pair) -> Json<&Pair> {
    Json(pair)
}

/// Changes one field, takes its time, and changes the other.
#[kr_route(post, "/slow/{millis}")]
#[locked("pair")]
async fn slow(pair: &mut Pair, millis: u64) -> Json<Pair> {
    pair.left += 1;
    sleep(Duration::from_millis(millis)).await;
    pair.right += 1;
    Json(pair.clone())
}

#[kr_route(get, "/way/states")]
#[locked("pair")]
fn way_of_states(_pair: &Pair) -> &'static str {
    way()
}

#[kr_route(get, "/way/counters")]
fn way_of_counters(_looks: &Counter) -> &'static str {
    way()
}

#[kr_route(get, "/way/extractors")]
fn way_of_extractors(_looks: &Counter, _uri: Uri) -> &'static str {
    way()
}

/// Through what the request has come, as the calls on the stack tell.
fn way() -> &'static str {
    let calls = Backtrace::force_capture().to_string();
    if calls.contains("axum::routing") {
        "through the router"
    } else {
        "past the router"
    }
}

#[tokio::main]
async fn main() -> kr_runtime::Result<()> {
    let host = Probe {
        pair: Shared::new(Pair { left: 0, right: 0 }),
        page: Shared::new(Page {
            looks: Counter::new(0),
        }),
    };
    let drain = std::env::var("DRAIN_MILLIS").ok();
    let drain = drain.and_then(|millis| millis.parse().ok());
    let endpoints = std::env::var("ENDPOINTS").unwrap_or_default();
    let app = App::new("Probe", host)
        .mount(routes![pair, kept, slow])
        .mount(routes![way_of_states, way_of_counters, way_of_extractors])
        .drain_timeout(Duration::from_millis(drain.unwrap_or(10_000)));
    endpoints
        .split_whitespace()
        .fold(app, App::endpoint)
        .run()
        .await
}
