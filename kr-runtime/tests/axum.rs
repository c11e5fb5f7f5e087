//! Handlers take what axum's optional features offer, through `kr_runtime::axum` alone.

use kr_runtime::StopToken;
use kr_runtime::axum;
use kr_runtime::axum::body::{Body, to_bytes};
use kr_runtime::axum::extract::Multipart;
use kr_runtime::axum::extract::multipart::MultipartError;
use kr_runtime::axum::extract::ws::{Message, WebSocketUpgrade};
use kr_runtime::axum::http::Request;
use kr_runtime::axum::middleware::{Next, from_fn};
use kr_runtime::axum::response::Response;
use kr_runtime::prelude::*;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use tower::ServiceExt;

#[derive(Clone, SharedState)]
#[shared_state(lock = "uploads")]
struct Uploads {
    count: u32,
}

#[derive(Host)]
struct Site {
    uploads: Shared<Uploads>,
}

#[kr_route(post, "/upload")]
async fn upload(mut form: Multipart) -> Result<Json<u32>, MultipartError> {
    let mut count = 0;
    while form.next_field().await?.is_some() {
        count += 1;
    }
    Ok(Json(count))
}

#[kr_route(get, "/watch")]
#[locked("uploads")]
fn watch(uploads: &Uploads, upgrade: WebSocketUpgrade) -> Response {
    let count = uploads.count.to_string();
    upgrade.on_upgrade(async move |mut socket| {
        let _ = socket.send(Message::text(count)).await;
    })
}

fn router(count: u32) -> axum::Router {
    let uploads = Shared::new(Uploads { count });
    let app = App::new("Site", Site { uploads }).mount(routes![upload, watch]);
    app.into_router().unwrap()
}

#[tokio::test]
async fn a_handler_takes_a_form_with_files() {
    let part =
        "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\r\nhello\r\n";
    let request = Request::post("/upload")
        .header("Content-Type", "multipart/form-data; boundary=x")
        .body(Body::from(format!("{part}{part}--x--\r\n")))
        .unwrap();
    let response = router(0).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(to_bytes(response.into_body(), 100).await.unwrap(), "2");
}

#[tokio::test]
async fn a_handler_upgrades_to_a_web_socket() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async { axum::serve(listener, router(7)).await });
    let received = tokio::task::spawn_blocking(move || first_frame(address, "/watch")).await;
    server.abort();
    // The final fragment of a text, of one byte.
    assert_eq!(received.unwrap(), [0x81, 1, b'7']);
}

/// Waits for the stop, and says goodbye.
#[kr_route(get, "/watch/until_stop")]
fn watch_until_stop(upgrade: WebSocketUpgrade, stop: StopToken) -> Response {
    upgrade.on_upgrade(async move |mut socket| {
        let _ = socket.send(Message::text("1")).await;
        stop.requested().await;
        let _ = socket.send(Message::text("2")).await;
    })
}

#[tokio::test]
async fn a_server_upgrades_to_a_web_socket_that_is_told_of_the_stop() {
    let uploads = Shared::new(Uploads { count: 7 });
    let app = App::new("Site", Site { uploads })
        .mount(routes![watch, watch_until_stop])
        // A layer does not keep it from that.
        .layer(from_fn(async |request, next: Next| next.run(request).await));
    let mut server = app.endpoint(0).build().unwrap();
    server.bind().unwrap();
    let (address, stop) = (server.local_addr().unwrap(), server.stop_token());
    let running = tokio::spawn(server.run());
    let received = tokio::task::spawn_blocking(move || first_frame(address, "/watch")).await;
    assert_eq!(received.unwrap(), [0x81, 1, b'7']);
    let received = tokio::task::spawn_blocking(move || {
        let mut stream = shake_hands(address, "/watch/until_stop");
        assert_eq!(frame(&mut stream), [0x81, 1, b'1']);
        stop.request();
        frame(&mut stream)
    });
    assert_eq!(received.await.unwrap(), [0x81, 1, b'2']);
    running.await.unwrap().unwrap();
}

fn first_frame(address: SocketAddr, path: &str) -> [u8; 3] {
    frame(&mut shake_hands(address, path))
}

/// A frame of three bytes.
fn frame(stream: &mut TcpStream) -> [u8; 3] {
    let mut frame = [0; 3];
    stream.read_exact(&mut frame).unwrap();
    frame
}

/// Shakes hands as RFC 6455 has it in section 1.3.
fn shake_hands(address: SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    let headers = "HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream
        .write_all(format!("GET {path} {headers}").as_bytes())
        .unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
    stream
}
