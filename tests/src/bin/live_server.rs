//! A state that clients follow, for the benchmark: by `live`, or by hand on axum with `SERVER=handwritten`.

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Router, response::IntoResponse};
use futures_util::{Stream, stream::unfold};
use kr_runtime::prelude::*;
use std::convert::Infallible;
use std::env;
use std::io;
use tokio::net::TcpListener;
use tokio::sync::watch;

#[derive(Clone, Serialize, SharedState)]
#[shared_state(lock = "score")]
struct Score {
    score: u64,
    of: &'static str,
}

const INITIAL: Score = Score {
    score: 0,
    of: "a game that ten thousand people follow",
};

#[derive(Host)]
struct Site {
    score: Shared<Score>,
}

#[kr_route(get, "/score", live)]
#[locked("score")]
fn score(score: &Score) -> Json<&Score> {
    Json(score)
}

#[kr_route(post, "/score")]
#[locked("score")]
fn add(score: &mut Score) -> Json<u64> {
    score.score += 1;
    Json(score.score)
}

/// What somebody would write on axum, with a channel that keeps the newest value.
async fn followed(State(scores): State<watch::Sender<Score>>) -> impl IntoResponse {
    Sse::new(events(scores.subscribe())).keep_alive(KeepAlive::default())
}

fn events(mut scores: watch::Receiver<Score>) -> impl Stream<Item = Result<Event, Infallible>> {
    scores.mark_changed();
    unfold(scores, async |mut scores| {
        scores.changed().await.ok()?;
        let score = scores.borrow_and_update().clone();
        let event = Event::default()
            .id(score.score.to_string())
            .json_data(score);
        Some((Ok(event.ok()?), scores))
    })
}

async fn added(State(scores): State<watch::Sender<Score>>) -> axum::Json<u64> {
    scores.send_modify(|score| score.score += 1);
    axum::Json(scores.borrow().score)
}

#[tokio::main]
async fn main() -> kr_runtime::Result<()> {
    if env::var("SERVER").is_ok_and(|server| server == "handwritten") {
        by_hand().await.expect("the server");
        return Ok(());
    }
    let site = Site {
        score: Shared::new(INITIAL),
    };
    App::new("live", site)
        .mount(routes![score, add])
        .max_connections(20_000)
        .run()
        .await
}

async fn by_hand() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("live: http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let router = Router::new()
        .route("/score", get(followed))
        .route("/score", post(added))
        .with_state(watch::Sender::new(INITIAL));
    axum::serve(listener, router).await
}
