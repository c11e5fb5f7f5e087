//! Plain axum routers in an application that kr serves.

use crate::running::Running;
use crate::{item, put, shop};
use axum::Router;
use axum::routing::{get, post};
use http::{Method, StatusCode};
use kr_runtime::StopToken;
use kr_runtime::prelude::*;

fn plain() -> Router {
    Router::new()
        .route("/own", get(|| async { "own" }))
        .route(
            "/length",
            post(|body: String| async move { body.len().to_string() }),
        )
        .route(
            "/panic",
            get(|| async { panic!("on purpose") as &'static str }),
        )
        .route(
            "/until_stop",
            get(|stop: StopToken| async move {
                stop.requested().await;
                "stopped"
            }),
        )
}

#[tokio::test]
async fn merged_and_nested_routers_are_served_beside_the_handlers() {
    let app = App::new("Shop", shop())
        .mount(routes![item, put])
        .merge(plain())
        .nest("/nested", plain());
    let running = Running::start(app);
    let mut client = running.client().await;
    let put = client.send(Method::PUT, "/item/1", None, "helmet").await;
    assert_eq!(put.status, StatusCode::CREATED);
    for path in ["/own", "/nested/own"] {
        assert_eq!(client.get(path).await.text(), "own");
        let wrong = client.post(path).await;
        assert_eq!(wrong.header("allow"), "GET,HEAD");
        assert_eq!(
            wrong.problem(StatusCode::METHOD_NOT_ALLOWED),
            format!("{path} does not support POST; see `Allow`")
        );
    }
    for path in ["/nothing", "/nested/nothing"] {
        let missing = client.get(path).await.problem(StatusCode::NOT_FOUND);
        assert_eq!(missing, format!("there is nothing at {path}"));
    }
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_merged_router_adds_methods_to_a_path() {
    let more = Router::new().route("/item/{id}", post(|| async { "posted" }));
    let app = App::new("Shop", shop()).mount(routes![item]).merge(more);
    let running = Running::start(app);
    let mut client = running.client().await;
    assert_eq!(client.post("/item/1").await.text(), "posted");
    let wrong = client.send(Method::PUT, "/item/1", None, "").await;
    assert_eq!(wrong.header("allow"), "GET,HEAD,POST");
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_panic_in_a_merged_router_is_answered_with_500() {
    let running = Running::start(App::new("Shop", shop()).merge(plain()));
    let mut client = running.client().await;
    let _ = client
        .get("/panic")
        .await
        .problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(client.get("/own").await.text(), "own");
    running.stop().await.unwrap();
}

#[tokio::test]
async fn the_limits_hold_for_a_merged_router() {
    let app = App::new("Shop", shop()).merge(plain()).same_site();
    let running = Running::start(app);
    let mut client = running.client().await;
    let foreign = [("sec-fetch-site", "cross-site")];
    let refused = client
        .send_with(Method::POST, "/length", &foreign, "x")
        .await;
    let _ = refused.problem(StatusCode::FORBIDDEN);
    let read = client.send_with(Method::GET, "/own", &foreign, "").await;
    assert_eq!(read.status, StatusCode::OK);
    // More than axum's own limit.
    let body = "x".repeat(3_000_000);
    let large = client.send(Method::POST, "/length", None, body).await;
    assert_eq!(large.text(), "3000000");
    running.stop().await.unwrap();

    let app = App::new("Shop", shop()).merge(plain()).body_limit(10);
    let running = Running::start(app);
    let mut client = running.client().await;
    let body = "x".repeat(11);
    let large = client.send(Method::POST, "/length", None, body).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_merged_router_is_told_of_the_stop_and_waited_for() {
    let running = Running::start(App::new("Shop", shop()).merge(plain()));
    let mut client = running.client().await;
    let stop = running.stop.clone();
    let stopping = tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        stop.request();
    });
    assert_eq!(client.get("/until_stop").await.text(), "stopped");
    stopping.await.unwrap();
    running.ended().await.unwrap();
}

#[tokio::test]
async fn a_router_that_conflicts_is_an_error() {
    let twice = Router::new().route("/item/{id}", get(|| async { "again" }));
    let app = App::new("Shop", shop()).mount(routes![item]).merge(twice);
    let error = app.build().unwrap_err().to_string();
    assert!(
        error.contains("a router cannot be added") && error.contains("/item/{id}"),
        "{error}"
    );
    let root = App::new("Shop", shop()).nest("/", plain()).build();
    let error = root.unwrap_err().to_string();
    assert!(error.contains("a router cannot be added"), "{error}");
}
