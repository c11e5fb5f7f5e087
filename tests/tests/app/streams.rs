//! Event streams of a running application.

use crate::running::Running;
use crate::{Items, shop};
use axum::Router;
use axum::response::sse::{Event, Sse};
use axum::routing::get;
use futures_util::{Stream, StreamExt, stream};
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use kr_runtime::prelude::*;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// An endless stream that begins with that number.
fn numbers(first: usize) -> impl Stream<Item = Result<Event, Infallible>> {
    let first = Event::default()
        .id(first.to_string())
        .data(first.to_string());
    stream::iter([Ok(first)]).chain(stream::pending())
}

#[kr_route(get, "/events")]
#[locked("items")]
fn events(items: &Items) -> impl IntoResponse {
    Sse::new(numbers(items.0.len())).into_response()
}

/// Reads the stream to its end.
async fn read_events(address: SocketAddr, path: &str, then: impl FnOnce()) -> String {
    let stream = TcpStream::connect(address).await.unwrap();
    let io = TokioIo::new(stream);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get(path).header("host", "localhost");
    let request = request.body(Empty::<Bytes>::new()).unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    then();
    let rest = timeout(Duration::from_secs(5), body.collect()).await;
    let rest = rest.expect("the stream ends at the stop").unwrap();
    let all = [&first[..], &rest.to_bytes()].concat();
    String::from_utf8(all).unwrap()
}

#[tokio::test]
async fn event_streams_of_handlers_and_merged_routers_end_at_the_stop() {
    let merged = Router::new().route("/merged", get(|| async { Sse::new(numbers(5)) }));
    for (path, text) in [
        ("/events", "id: 0\ndata: 0\n\n"),
        ("/merged", "id: 5\ndata: 5\n\n"),
    ] {
        let app = App::new("Shop", shop())
            .mount(routes![events])
            .merge(merged.clone());
        let running = Running::start(app);
        let stop = running.stop.clone();
        let read = read_events(running.address, path, || stop.request()).await;
        assert_eq!(read, text);
        running.ended().await.unwrap();
    }
}
