//! Handlers that are mounted under a prefix.

use crate::running::Running;
use crate::{item, put, shop};
use axum::http::HeaderValue;
use axum::middleware::map_response;
use axum::response::Response;
use http::{Method, StatusCode};
use kr_runtime::prelude::*;

#[kr_route(get, "/")]
fn index() -> &'static str {
    "index"
}

#[kr_route(get, "/plain")]
fn plain() -> &'static str {
    "plain"
}

#[tokio::test]
async fn handlers_answer_under_their_prefix() {
    let app = App::new("Shop", shop())
        .mount(routes![plain])
        .mount_at("/api/v1", routes![index, plain, item, put]);
    let running = Running::start(app);
    let mut client = running.client().await;
    assert_eq!(client.get("/api/v1").await.text(), "index");
    assert_eq!(client.get("/api/v1/plain").await.text(), "plain");
    assert_eq!(client.get("/plain").await.text(), "plain");
    let put = client.send(Method::PUT, "/api/v1/item/7", None, "x").await;
    assert_eq!(put.status, StatusCode::CREATED);
    assert_eq!(client.get("/api/v1/item/7").await.text(), "\"x\"");
    let wrong = client.post("/api/v1/item/7").await;
    assert_eq!(
        wrong.problem(StatusCode::METHOD_NOT_ALLOWED),
        "/api/v1/item/7 does not support POST; see `Allow`"
    );
    let _ = client.get("/item/7").await.problem(StatusCode::NOT_FOUND);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_group_has_a_prefix_and_a_layer() {
    async fn mark(mut response: Response) -> Response {
        let seen = HeaderValue::from_static("seen");
        response.headers_mut().insert("x-layer", seen);
        response
    }
    let app = App::new("Shop", shop())
        .mount_at("/api", routes![plain].layer(map_response(mark)))
        .mount(routes![plain]);
    let running = Running::start(app);
    let mut client = running.client().await;
    assert_eq!(client.get("/api/plain").await.header("x-layer"), "seen");
    assert_eq!(client.get("/plain").await.header("x-layer"), "");
    running.stop().await.unwrap();
}

#[test]
fn a_prefix_that_is_none_is_an_error() {
    for prefix in ["api", "/api/", "/", "", "/{tenant}"] {
        let app = App::new("Shop", shop()).mount_at(prefix, routes![plain]);
        let error = app.build().unwrap_err().to_string();
        assert!(
            error.contains(&format!("`{prefix}` is no prefix")),
            "{error}"
        );
    }
}

#[test]
fn conflicts_are_found_with_the_prefix() {
    let app = App::new("Shop", shop())
        .mount_at("/api", routes![plain])
        .mount_at("/api", routes![plain]);
    let error = app.build().unwrap_err().to_string();
    assert!(error.contains("`plain` (GET /api/plain)"), "{error}");
}
