//! A server whose limits come from the environment, for tests of clients that are slow, dead or greedy, and of stopping.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use hyper_util::rt::TokioIo;
use kr_runtime::StopToken;
use kr_runtime::prelude::*;
use std::convert::Infallible;
use std::env;
use std::fmt::Write;
use std::str::FromStr;
use std::thread;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::time::sleep;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

#[derive(Clone, SharedState)]
#[shared_state(lock = "count")]
struct Count(u64);

#[derive(Host)]
struct LimitsServer {
    count: Shared<Count>,
}

#[kr_route(get, "/ping")]
fn ping() -> &'static str {
    "pong"
}

#[kr_route(post, "/length")]
fn length(body: String) -> String {
    body.len().to_string()
}

/// Has read the body long before it answers.
#[kr_route(post, "/length/slow")]
async fn slow_length(body: String) -> String {
    sleep(Duration::from_millis(1_500)).await;
    body.len().to_string()
}

/// Takes the body as a stream.
#[kr_route(post, "/stream")]
async fn streamed(body: Body) -> String {
    let sizes = body.into_data_stream();
    let sizes = sizes.map(|part| part.map_or(0, |bytes| bytes.len()));
    sizes
        .fold(0, async |sum, size| sum + size)
        .await
        .to_string()
}

#[derive(Deserialize)]
struct NoteRequest {
    count: u32,
}

#[kr_route(post, "/note")]
fn note(Json(note): Json<NoteRequest>) -> String {
    note.count.to_string()
}

#[kr_route(post, "/note/optional")]
fn optional_note(note: Option<Json<NoteRequest>>) -> Result<String, Problem> {
    let Json(note) = note.ok_or(Problem::bad_request("no note"))?;
    Ok(note.count.to_string())
}

#[kr_route(get, "/number/{number}")]
fn number(number: u64) -> String {
    number.to_string()
}

/// More than the buffers of the network hold.
#[kr_route(get, "/large")]
fn large() -> Vec<u8> {
    vec![b'x'; 32_000_000]
}

#[kr_route(post, "/count")]
#[locked("count")]
fn count(count: &mut Count) -> String {
    count.0 += 1;
    count.0.to_string()
}

#[kr_route(post, "/count/slow")]
#[locked("count", timeout = "50ms")]
async fn slow_count(count: &mut Count) -> String {
    sleep(Duration::from_millis(700)).await;
    count.0 += 1;
    count.0.to_string()
}

#[kr_route(post, "/panic")]
fn panics() -> &'static str {
    panic!("on purpose")
}

/// Keeps its worker.
#[kr_route(get, "/block/{millis}")]
fn block(millis: u64) -> &'static str {
    thread::sleep(Duration::from_millis(millis));
    "done"
}

/// Takes its time in a thread of its own.
#[kr_route(get, "/off-the-workers/{millis}", blocking)]
fn off_the_workers(millis: u64) -> &'static str {
    thread::sleep(Duration::from_millis(millis));
    "done"
}

/// As above, with a lock.
#[kr_route(get, "/count/off-the-workers/{millis}", blocking)]
#[locked("count")]
fn count_off_the_workers(count: &mut Count, millis: u64) -> &'static str {
    thread::sleep(Duration::from_millis(millis));
    count.0 += 1;
    "done"
}

/// An event stream without an end, of a handler that knows nothing of stopping.
#[kr_route(get, "/events")]
fn events() -> impl IntoResponse {
    let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"data: 1\n\n"))]);
    let body = Body::from_stream(first.chain(stream::pending()));
    ([(header::CONTENT_TYPE, "text/event-stream")], body)
}

/// A stream that ends when the server stops.
#[kr_route(get, "/until_stop")]
fn until_stop(stop: StopToken) -> Body {
    let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"first\n"))]);
    let last = stream::once(async move {
        stop.requested().await;
        Ok(Bytes::from_static(b"last\n"))
    });
    Body::from_stream(first.chain(last))
}

/// Writes as `eprintln!` does, which panics when nobody reads.
struct Log;

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::INFO
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        eprintln!("{}{}", event.metadata().level(), line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

/// Another protocol than HTTP, which says goodbye at the stop, or never ends.
#[kr_route(get, "/upgrade/{end}")]
fn upgrade(end: String, stop: StopToken, mut request: Request) -> Response {
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let mut client = TokioIo::new(upgraded.await.expect("another protocol"));
        client.write_all(b"hello").await.expect("a client");
        match end.as_str() {
            "goodbye" => stop.requested().await,
            _ => std::future::pending().await,
        }
        sleep(Duration::from_millis(300)).await;
        client.write_all(b"goodbye").await.expect("a client");
    });
    let switching = Response::builder().status(StatusCode::SWITCHING_PROTOCOLS);
    let switching = switching.header(header::CONNECTION, "upgrade");
    let switching = switching.header(header::UPGRADE, "greeting");
    switching.body(Body::empty()).expect("a response")
}

/// A limit, if the environment has one.
fn limit<T: FromStr>(name: &str) -> Option<T> {
    env::var(name).ok()?.parse().ok()
}

fn time(name: &str) -> Option<Duration> {
    limit(name).map(Duration::from_millis)
}

fn main() -> kr_runtime::Result<()> {
    if env::var("LOG").is_ok() {
        tracing::subscriber::set_global_default(Log).expect("the only one");
    }
    let host = LimitsServer {
        count: Shared::new(Count(0)),
    };
    let mut app = App::new("LimitsServer", host)
        .mount(routes![ping, length, slow_length, streamed, large])
        .mount(routes![note, optional_note, number, count, slow_count])
        .mount(routes![panics, block, off_the_workers])
        .mount(routes![count_off_the_workers, events, until_stop, upgrade]);
    if let Some(timeout) = time("HEADER") {
        app = app.header_timeout(timeout);
    }
    if let Some(timeout) = time("IDLE") {
        app = app.idle_timeout(timeout);
    }
    if let Some(grace) = time("GRACE") {
        app = app.min_body_rate(240, grace);
    }
    if let Some(timeout) = time("WRITE") {
        app = app.write_timeout(timeout);
    }
    if let Some(timeout) = time("DRAIN") {
        app = app.drain_timeout(timeout);
    }
    if let Some(connections) = limit("CONNECTIONS") {
        app = app.max_connections(connections);
    }
    if let Some(bytes) = limit("BODY") {
        app = app.body_limit(bytes);
    }
    if let Some(bytes) = limit("TOTAL_BODY") {
        app = app.total_body_limit(bytes);
    }
    if let Ok(hosts) = env::var("HOSTS") {
        app = app.allowed_hosts(hosts.split(' '));
    }
    if env::var("SAME_SITE").is_ok() {
        app = app.same_site();
    }
    if let Ok(file) = env::var("ON_STOP") {
        app = app.on_stop(|| async { panic!("on purpose") });
        app = app.on_stop(|| async move { std::fs::write(file, "saved").expect("a file") });
    }
    let mut runtime = match limit("WORKERS").unwrap_or(2) {
        0 => tokio::runtime::Builder::new_current_thread(),
        workers => {
            let mut builder = tokio::runtime::Builder::new_multi_thread();
            builder.worker_threads(workers);
            builder
        }
    };
    let runtime = runtime.enable_all().build().expect("a runtime");
    runtime.block_on(app.run())
}
