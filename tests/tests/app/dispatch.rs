//! A running server responds as its router would, also where it dispatches a request without the router.

use http::{Method, StatusCode};
use kr_tests::{Client, Program};

fn start() -> Program {
    Program::start(env!("CARGO_BIN_EXE_test_server").as_ref())
}

#[tokio::test]
async fn a_query_does_not_change_the_handler() {
    let server = start();
    let mut client = Client::connect(server.address).await;
    let plain = client.get("/pair").await;
    let queried = client.get("/pair?left=1").await;
    assert_eq!(plain.text(), r#"{"left":0,"right":0}"#);
    assert_eq!(queried.text(), plain.text());
    assert_eq!(plain.header("content-type"), "application/json");
    assert_eq!(plain.header("content-length"), "20");
}

#[tokio::test]
async fn head_runs_the_handler_for_get_and_omits_the_body() {
    let server = start();
    let mut client = Client::connect(server.address).await;
    let response = client.send(Method::HEAD, "/pair", None, "").await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(response.header("content-length"), "20");
    assert!(response.body.is_empty());
}

#[tokio::test]
async fn other_methods_and_paths_get_405_and_404() {
    let server = start();
    let mut client = Client::connect(server.address).await;
    let response = client.post("/pair").await;
    assert_eq!(response.header("allow"), "GET,HEAD");
    let _ = response.problem(StatusCode::METHOD_NOT_ALLOWED);
    for path in ["/pair/", "/Pair", "/pai", "/p%61ir"] {
        let _ = client.get(path).await.problem(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn an_unread_body_does_not_disturb_the_next_request() {
    let server = start();
    let mut client = Client::connect(server.address).await;
    for _ in 0..3 {
        let response = client
            .send(Method::GET, "/pair", Some("text/plain"), "x".repeat(1_000))
            .await;
        assert_eq!(response.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_cached_response_is_the_same_with_and_without_the_router() {
    let server = start();
    let mut client = Client::connect(server.address).await;
    for left in 0..2 {
        let first = client.get("/cached").await;
        assert_eq!(first.json()["left"], left);
        let tag = first.header("etag").to_owned();
        let unless = [("if-none-match", tag.as_str())];
        // `HEAD` goes through the router.
        for method in [Method::GET, Method::HEAD] {
            let again = client.send(method.clone(), "/cached", None, "").await;
            assert_eq!(again.status, StatusCode::OK);
            assert_eq!(again.header("etag"), tag);
            assert_eq!(again.header("content-length"), "20");
            let body = "x".repeat(1_000);
            let unchanged = client.send_with(method, "/cached", &unless, body).await;
            assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED);
            assert_eq!(unchanged.header("etag"), tag);
            assert_eq!(unchanged.header("content-length"), "");
            assert!(unchanged.body.is_empty());
        }
        client.post("/slow/0").await;
    }
}

#[tokio::test]
async fn handlers_without_extractors_bypass_the_router() {
    let server = start();
    let mut client = Client::connect(server.address).await;
    for (path, way) in [
        ("/dispatch/states", "without the router"),
        ("/dispatch/counters", "without the router"),
        ("/dispatch/extractors", "through the router"),
    ] {
        assert_eq!(client.get(path).await.text(), way, "{path}");
    }
}
