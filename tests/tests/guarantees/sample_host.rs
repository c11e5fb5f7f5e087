//! The application that most of these tests use.

use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Two fields that every commit keeps equal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "pair")]
pub(crate) struct Pair {
    pub(crate) left: u64,
    pub(crate) right: u64,
}

/// Under the same lock: how often the pair was updated.
#[derive(Debug, Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "Pair ")]
pub(crate) struct Changes(pub(crate) u64);

/// Under a lock of its own.
#[derive(Debug, Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "other")]
pub(crate) struct Other(pub(crate) u64);

#[derive(Clone, Host)]
pub(crate) struct SampleHost {
    pub(crate) pair: Shared<Pair>,
    pub(crate) changes: Shared<Changes>,
    pub(crate) other: Shared<Other>,
}

impl SampleHost {
    pub(crate) fn new() -> Self {
        Self {
            pair: Shared::new(Pair::default()),
            changes: Shared::new(Changes(0)),
            other: Shared::new(Other(0)),
        }
    }

    /// Serves the application.
    pub(crate) async fn serve(&self) -> SocketAddr {
        serve(self.router()).await
    }

    pub(crate) fn router(&self) -> axum::Router {
        App::new("SampleHost", self.clone())
            .lock_timeout(Duration::from_secs(10))
            .mount(routes())
            .into_router()
            .unwrap()
            .layer(axum::Extension(self.clone()))
    }

    /// Waits until the lock of the pair is held and has that many waiters.
    pub(crate) async fn wait_until_held_with(&self, waiting: usize) {
        let reached = || {
            let locks = self.locks();
            let lock = locks.iter().find(|status| status.lock == "pair");
            lock.is_some_and(|lock| lock.holder.is_some() && lock.waiting == waiting)
        };
        let until_reached = async {
            while !reached() {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let waited = timeout(Duration::from_secs(20), until_reached).await;
        waited.expect("the lock is held, and the queue has that length");
    }

    pub(crate) async fn start() -> (Self, Client, SocketAddr) {
        let host = Self::new();
        let address = host.serve().await;
        (host, Client::connect(address).await, address)
    }
}

pub(crate) fn routes() -> kr_runtime::Routes<SampleHost> {
    routes![
        read,
        both,
        change,
        change_slowly,
        fail,
        panic,
        panic_slowly,
        never_ends,
        short_timeout,
        both_reversed,
        both_sorted,
        nested,
    ]
}

#[kr_route(get, "/pair")]
#[locked("pair")]
pub(crate) fn read(pair: &Pair) -> Json<&Pair> {
    Json(pair)
}

#[kr_route(get, "/both")]
#[locked("pair")]
fn both(pair: &Pair, changes: &Changes) -> Json<(Pair, u64)> {
    Json((pair.clone(), changes.0))
}

#[kr_route(post, "/change")]
#[locked("PAIR")]
pub(crate) fn change(pair: &mut Pair, changes: &mut Changes) -> Json<Pair> {
    pair.left += 1;
    changes.0 += 1;
    pair.right += 1;
    Json(pair.clone())
}

#[kr_route(post, "/change-slowly/{millis}")]
#[locked("pair")]
async fn change_slowly(millis: u64, pair: &mut Pair, changes: &mut Changes) -> Json<Pair> {
    pair.left += 1;
    sleep(Duration::from_millis(millis)).await;
    changes.0 += 1;
    pair.right += 1;
    Json(pair.clone())
}

/// The macro sees only this alias, not the `Result` behind it.
type AppResult<T> = std::result::Result<T, Problem>;

#[kr_route(post, "/fail")]
#[locked("pair")]
fn fail(pair: &mut Pair) -> AppResult<Json<Pair>> {
    pair.left += 1;
    Err(Problem::conflict("changed my mind"))
}

#[kr_route(post, "/panic")]
#[locked("pair")]
fn panic(pair: &mut Pair) -> StatusCode {
    pair.left += 1;
    panic!("the secret cause")
}

#[kr_route(post, "/panic-slowly")]
#[locked("pair")]
async fn panic_slowly(pair: &mut Pair) -> StatusCode {
    pair.left += 1;
    sleep(Duration::from_millis(5)).await;
    panic!("the secret cause")
}

#[kr_route(post, "/never-ends")]
#[locked("pair", hold_timeout = "50ms")]
async fn never_ends(pair: &mut Pair) -> StatusCode {
    pair.left += 1;
    sleep(Duration::from_secs(60)).await;
    pair.right += 1;
    StatusCode::OK
}

#[kr_route(post, "/short-timeout")]
#[locked("pair", timeout = "50ms")]
fn short_timeout(pair: &mut Pair) -> Json<Pair> {
    Json(pair.clone())
}

#[kr_route(post, "/both-sorted")]
#[locked("other", "pair")]
async fn both_sorted(pair: &mut Pair, other: &mut Other) -> StatusCode {
    pair.left += 1;
    tokio::task::yield_now().await;
    pair.right += 1;
    other.0 += 1;
    StatusCode::OK
}

#[kr_route(post, "/both-reversed")]
#[locked("pair", "other")]
async fn both_reversed(other: &mut Other, pair: &mut Pair) -> StatusCode {
    other.0 += 1;
    tokio::task::yield_now().await;
    pair.left += 1;
    pair.right += 1;
    StatusCode::OK
}

/// Requests the lock that it holds.
#[kr_route(post, "/nested")]
#[locked("pair")]
async fn nested(
    pair: &mut Pair,
    axum::Extension(host): axum::Extension<SampleHost>,
) -> Result<StatusCode, Problem> {
    pair.left += 1;
    let again = host.update(|pair: &mut Pair| pair.right += 1).await;
    again.map_err(|error| Problem::conflict(error.to_string()))?;
    Ok(StatusCode::OK)
}
