//! Layers around an application, and around some of its handlers.

use crate::running::Running;
use crate::{item, put, shop};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::Response;
use http::{Method, StatusCode};
use kr_runtime::prelude::*;
use kr_runtime::{Routes, StopToken};
use kr_tests::{Client, serve};

#[kr_route(get, "/plain")]
fn plain() -> &'static str {
    "plain"
}

#[kr_route(get, "/grouped")]
fn grouped() -> &'static str {
    "grouped"
}

#[kr_route(post, "/plain")]
fn post_plain() -> &'static str {
    "posted"
}

fn mark(name: &'static str) -> impl Fn(Response) -> std::future::Ready<Response> + Clone {
    move |mut response: Response| {
        let name = HeaderName::from_static(name);
        let before = response.headers().len().to_string();
        let value = HeaderValue::from_str(&before).unwrap();
        response.headers_mut().insert(name, value);
        std::future::ready(response)
    }
}

fn marked<H: Host>(routes: Routes<H>, name: &'static str) -> Routes<H> {
    routes.layer(map_response(mark(name)))
}

#[tokio::test]
async fn a_layer_is_around_everything() {
    let app = App::new("Shop", shop())
        .layer(map_response(mark("x-inner")))
        .layer(map_response(mark("x-outer")))
        .mount(routes![plain, item]);
    let running = Running::start(app);
    let mut client = running.client().await;
    for (path, status) in [
        ("/plain", StatusCode::OK),
        ("/item/1", StatusCode::NOT_FOUND),
        ("/nothing", StatusCode::NOT_FOUND),
    ] {
        let response = client.get(path).await;
        assert_eq!(response.status, status, "{path}");
        let number = |name| response.header(name).parse::<u32>().unwrap();
        assert_eq!(number("x-inner") + 1, number("x-outer"), "{path}");
    }
    let wrong = client.post("/plain").await;
    assert!(!wrong.header("x-outer").is_empty());
    assert_eq!(wrong.header("allow"), "GET,HEAD");
    assert_eq!(
        wrong.problem(StatusCode::METHOD_NOT_ALLOWED),
        "/plain does not support POST; see `Allow`"
    );
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_layer_of_a_group_is_around_no_other_handler() {
    let app = App::new("Shop", shop())
        .mount(routes![plain])
        .mount(marked(routes![grouped, post_plain], "x-group"));
    let running = Running::start(app);
    let mut client = running.client().await;
    assert_eq!(client.get("/plain").await.header("x-group"), "");
    assert_eq!(client.get("/nothing").await.header("x-group"), "");
    assert_ne!(client.get("/grouped").await.header("x-group"), "");
    // One path, two methods, one of them with a layer.
    let posted = client.post("/plain").await;
    assert_eq!(posted.text(), "posted");
    assert_ne!(posted.header("x-group"), "");
    let wrong = client.send(Method::PUT, "/plain", None, "").await;
    assert_eq!(wrong.header("allow"), "GET,HEAD,POST");
    let _ = wrong.problem(StatusCode::METHOD_NOT_ALLOWED);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_layer_that_refuses_a_request_keeps_it_from_the_handler() {
    async fn refuse(_: Request, _: Next) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "not today")
    }
    let app = App::new("Shop", shop()).mount(routes![put].layer(from_fn(refuse)));
    let host = app.host();
    let running = Running::start(app);
    let mut client = running.client().await;
    let refused = client.send(Method::PUT, "/item/1", None, "x").await;
    assert_eq!(refused.problem(StatusCode::FORBIDDEN), "not today");
    assert!(host.read::<crate::Items>().await.unwrap().0.is_empty());
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_layer_that_panics_is_answered_with_500() {
    async fn panics(request: Request, next: Next) -> Response {
        assert!(request.uri().path() != "/plain", "on purpose");
        next.run(request).await
    }
    let app = App::new("Shop", shop())
        .mount(routes![plain, grouped])
        .layer(from_fn(panics));
    let running = Running::start(app);
    let mut client = running.client().await;
    let detail = client
        .get("/plain")
        .await
        .problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(detail, "an internal server error occurred");
    // The connection is still there.
    assert_eq!(client.get("/grouped").await.text(), "grouped");
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_layer_takes_the_stop_token() {
    async fn asks(stop: StopToken, request: Request, next: Next) -> Response {
        match stop.is_requested() {
            true => Problem::unavailable("stopping").into_response(),
            false => next.run(request).await,
        }
    }
    let app = App::new("Shop", shop())
        .mount(routes![plain])
        .layer(from_fn(asks));
    let stop = app.stop_token();
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    assert_eq!(client.get("/plain").await.text(), "plain");
    stop.request();
    let detail = client.get("/plain").await;
    assert_eq!(detail.problem(StatusCode::SERVICE_UNAVAILABLE), "stopping");
}

async fn status_of_put(client: &mut Client, bytes: usize) -> StatusCode {
    let body = "x".repeat(bytes);
    client.send(Method::PUT, "/item/1", None, body).await.status
}

#[tokio::test]
async fn a_body_limit_of_a_layer_counts() {
    let limit = DefaultBodyLimit::max;
    let around = App::new("Shop", shop())
        .mount(routes![put])
        .layer(limit(10));
    let group = App::new("Shop", shop()).mount(routes![put].layer(limit(10)));
    let smaller = App::new("Shop", shop())
        .mount(routes![put].layer(limit(100)))
        .body_limit(10);
    for app in [around, group, smaller] {
        let running = Running::start(app);
        let mut client = running.client().await;
        assert_eq!(status_of_put(&mut client, 10).await, StatusCode::CREATED);
        let mut client = running.client().await;
        let large = client
            .send(Method::PUT, "/item/1", None, "x".repeat(11))
            .await;
        let _ = large.problem(StatusCode::PAYLOAD_TOO_LARGE);
        running.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_body_limit_around_a_router_counts() {
    let router = |app: App<_>| app.into_router().unwrap();
    let kr = || App::new("Shop", shop()).mount(routes![put]);
    let limited = router(kr()).layer(DefaultBodyLimit::max(10));
    let mut client = Client::connect(serve(limited).await).await;
    assert_eq!(status_of_put(&mut client, 10).await, StatusCode::CREATED);
    assert_eq!(
        status_of_put(&mut client, 11).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    // More than axum's own limit.
    let mut client = Client::connect(serve(router(kr())).await).await;
    assert_eq!(
        status_of_put(&mut client, 3_000_000).await,
        StatusCode::CREATED
    );
}
