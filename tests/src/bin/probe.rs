//! A server whose handlers misbehave on purpose, for tests that need a process of its own.

use kr_runtime::prelude::*;
use std::time::Duration;
use tokio::time::sleep;

/// Two fields that every commit keeps equal.
#[derive(Clone, Serialize, SharedState)]
#[shared_state(lock = "pair")]
struct Pair {
    left: u64,
    right: u64,
}

#[derive(Host)]
struct Probe {
    pair: Shared<Pair>,
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

#[tokio::main]
async fn main() -> kr_runtime::Result<()> {
    let host = Probe {
        pair: Shared::new(Pair { left: 0, right: 0 }),
    };
    let drain = std::env::var("DRAIN_MILLIS").ok();
    let drain = drain.and_then(|millis| millis.parse().ok());
    let endpoints = std::env::var("ENDPOINTS").unwrap_or_default();
    let app = App::new("Probe", host)
        .mount(routes![pair, kept, slow])
        .drain_timeout(Duration::from_millis(drain.unwrap_or(10_000)));
    endpoints
        .split_whitespace()
        .fold(app, App::endpoint)
        .run()
        .await
}
