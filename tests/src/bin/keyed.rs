//! A counter for each key: with kr, and handwritten in two ways.
//!
//! ```text
//! STORE=kr PORT=5001 keyed    # or map, locks
//! ```

use axum::extract::{Path, State};
use axum::routing::post;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use kr_runtime::SharedMap;
use kr_runtime::prelude::{App, Host, SharedState, kr_route, locked, routes};
use serde::Serialize;
use std::collections::HashMap;
use std::error::Error;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "count:{id}")]
struct Count(u64);

#[derive(Serialize)]
struct Counted {
    id: u64,
    count: u64,
}

#[derive(Host)]
struct Counts {
    counts: SharedMap<u64, Count>,
}

#[kr_route(post, "/count/{id}")]
#[locked("count:{id}")]
fn count(count: &mut Count, id: u64) -> Json<Counted> {
    count.0 += 1;
    Json(Counted { id, count: count.0 })
}

/// One lock for all keys.
type Map = Arc<Mutex<HashMap<u64, u64>>>;

async fn count_in_map(State(map): State<Map>, Path(id): Path<u64>) -> Json<Counted> {
    let mut map = map.lock().unwrap_or_else(PoisonError::into_inner);
    let count = map.entry(id).or_default();
    *count += 1;
    Json(Counted { id, count: *count })
}

/// A lock for each key, which a handler may hold across an `.await`.
type Locks = Arc<Mutex<HashMap<u64, Arc<tokio::sync::Mutex<u64>>>>>;

async fn count_by_locks(State(locks): State<Locks>, Path(id): Path<u64>) -> Json<Counted> {
    let lock = {
        let mut locks = locks.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(locks.entry(id).or_default())
    };
    let mut count = lock.lock().await;
    *count += 1;
    Json(Counted { id, count: *count })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let router = match std::env::var("STORE").as_deref() {
        Ok("map") => Router::new()
            .route("/count/{id}", post(count_in_map))
            .with_state(Map::default()),
        Ok("locks") => Router::new()
            .route("/count/{id}", post(count_by_locks))
            .with_state(Locks::default()),
        _ => {
            let host = Counts {
                counts: SharedMap::new(),
            };
            let app = App::new("Counts", host).mount(routes![count]);
            return Ok(app.run().await?);
        }
    };
    Ok(by_hand(router).await?)
}

async fn by_hand(router: Router) -> std::io::Result<()> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "5000".into());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "Counts listening on http://{}", listener.local_addr()?)?;
    out.flush()?;
    drop(out);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await
}
