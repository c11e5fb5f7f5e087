//! Requests that no handler answers.

use crate::running::Running;
use crate::{item, shop};
use axum::http::Uri;
use http::{Method, StatusCode};
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};

#[tokio::test]
async fn a_fallback_answers_what_nothing_else_does() {
    let app = App::new("Shop", shop())
        .mount(routes![item])
        .fallback(|uri: Uri| async move { (StatusCode::IM_A_TEAPOT, uri.path().to_owned()) });
    let running = Running::start(app);
    let mut client = running.client().await;
    let response = client.get("/nothing/here").await;
    assert_eq!(response.status, StatusCode::IM_A_TEAPOT);
    assert_eq!(response.text(), "/nothing/here");
    let wrong = client.post("/item/1").await;
    let _ = wrong.problem(StatusCode::METHOD_NOT_ALLOWED);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_fallback_is_within_the_allowed_hosts() {
    let app = App::new("Shop", shop())
        .allowed_hosts(["example.org"])
        .fallback(|| async { "fallback" });
    let running = Running::start(app);
    let mut client = running.client().await;
    let _ = client
        .get("/nothing")
        .await
        .problem(StatusCode::MISDIRECTED_REQUEST);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_nested_router_names_the_path_of_the_request() {
    let kr = || {
        let app = App::new("Shop", shop()).mount(routes![item]);
        app.into_router().unwrap()
    };
    let outer = axum::Router::new()
        .nest("/one", axum::Router::new().nest("/two", kr()))
        .nest("/of/{who}", kr());
    let mut client = Client::connect(serve(outer).await).await;
    for path in ["/one/two/item/1", "/of/me/item/1"] {
        let wrong = client.send(Method::PATCH, path, None, "").await;
        assert_eq!(
            wrong.problem(StatusCode::METHOD_NOT_ALLOWED),
            format!("{path} does not support PATCH; see `Allow`")
        );
    }
}
