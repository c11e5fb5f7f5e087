//! Where an application listens, what ends it, and what it knows of its clients.

use crate::running::Running;
use crate::shop;
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use kr_runtime::prelude::*;
use kr_tests::Client;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[kr_route(get, "/ping")]
fn ping() -> &'static str {
    "pong"
}

#[kr_route(get, "/client")]
fn client_address(ConnectInfo(client): ConnectInfo<SocketAddr>) -> String {
    client.ip().to_string()
}

#[tokio::test]
async fn a_listener_that_is_there_already_is_served() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = App::new("Shop", shop()).mount(routes![ping]);
    let mut server = app.listener(listener).build().unwrap();
    assert_eq!(server.local_addrs(), [address]);
    server.bind().unwrap();
    assert_eq!(server.local_addrs(), [address]);
    let stop = server.stop_token();
    let running = tokio::spawn(server.run());
    let mut client = Client::connect(address).await;
    assert_eq!(client.get("/ping").await.text(), "pong");
    stop.request();
    running.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_may_connect_once_the_server_is_bound() {
    let app = App::new("Shop", shop()).mount(routes![ping]);
    let mut server = app.endpoint(0).endpoint(0).build().unwrap();
    assert_eq!(server.local_addr(), None);
    server.bind().unwrap();
    server.bind().unwrap();
    assert_eq!(server.local_addrs().len(), 2);
    let mut client = Client::connect(server.local_addr().unwrap()).await;
    let stop = server.stop_token();
    let running = tokio::spawn(server.run());
    assert_eq!(client.get("/ping").await.text(), "pong");
    stop.request();
    running.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_shutdown_signal_stops_the_server() {
    let (sender, receiver) = oneshot::channel::<()>();
    let app = App::new("Shop", shop())
        .mount(routes![ping])
        .shutdown_signal(std::future::pending())
        .shutdown_signal(async { receiver.await.unwrap() });
    let running = Running::start(app);
    assert_eq!(running.client().await.get("/ping").await.text(), "pong");
    sender.send(()).unwrap();
    running.ended().await.unwrap();
}

#[tokio::test]
async fn handlers_layers_and_routers_know_the_address_of_the_client() {
    async fn mark(
        ConnectInfo(client): ConnectInfo<SocketAddr>,
        request: Request,
        next: Next,
    ) -> Response {
        let mut response = next.run(request).await;
        let client = client.ip().to_string().parse().unwrap();
        response.headers_mut().insert("x-client", client);
        response
    }
    async fn plain(ConnectInfo(client): ConnectInfo<SocketAddr>) -> String {
        client.ip().to_string()
    }
    let app = App::new("Shop", shop())
        .connect_info()
        .mount(routes![client_address])
        .merge(Router::new().route("/plain", get(plain)))
        .layer(from_fn(mark));
    let running = Running::start(app);
    let mut client = running.client().await;
    for path in ["/client", "/plain"] {
        let response = client.get(path).await;
        assert_eq!(response.text(), "127.0.0.1");
        assert_eq!(response.header("x-client"), "127.0.0.1");
    }
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_handler_does_not_know_it_unless_the_application_asks_for_it() {
    let running = Running::start(App::new("Shop", shop()).mount(routes![client_address]));
    let mut client = running.client().await;
    let detail = client
        .get("/client")
        .await
        .problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(detail, "an internal server error occurred");
    running.stop().await.unwrap();
}
