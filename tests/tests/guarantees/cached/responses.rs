//! Which responses are cached, and which of their headers.

use super::get_if_none_match;
use super::sample_site::Site;
use axum::body::Body;
use http::{Method, StatusCode};
use http_body_util::BodyExt;

#[tokio::test]
async fn head_has_the_headers_of_the_cached_response_and_no_body() {
    let (site, mut client, _) = Site::start().await;
    site.push("abc").await;
    let get = client.get("/notes").await;
    let head = client.send(Method::HEAD, "/notes", None, "").await;
    assert_eq!(head.status, StatusCode::OK);
    assert!(head.body.is_empty());
    for name in ["etag", "content-type", "content-length"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    let headers = [("if-none-match", get.header("etag"))];
    let head = client.send_with(Method::HEAD, "/notes", &headers, "").await;
    assert_eq!(head.status, StatusCode::NOT_MODIFIED);
    assert_eq!(head.header("etag"), get.header("etag"));
    // A 304 has no body, and no length of one.
    assert_eq!(head.header("content-length"), "");
    assert_eq!(client.get("/notes").await.body, get.body);
    assert_eq!(site.runs(), 1);
}

#[tokio::test]
async fn the_headers_of_the_handler_are_cached_and_304_has_those_that_caches_need() {
    let (_site, mut client, _) = Site::start().await;
    for _ in 0..2 {
        let response = client.get("/page").await;
        assert_eq!(response.text(), "<p></p>");
        assert_eq!(response.header("content-type"), "text/html");
        assert_eq!(response.header("cache-control"), "max-age=0");
        assert_eq!(response.header("x-lines"), "some");
        assert_eq!(response.headers.get_all("vary").iter().count(), 2);
        let unchanged = get_if_none_match(&mut client, "/page", response.header("etag")).await;
        assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED);
        assert_eq!(unchanged.header("cache-control"), "max-age=0");
        assert_eq!(unchanged.headers.get_all("vary").iter().count(), 2);
        assert_eq!(unchanged.headers.get_all("date").iter().count(), 1);
        for name in ["content-type", "x-lines"] {
            assert!(!unchanged.headers.contains_key(name), "{name}");
        }
    }
}

#[tokio::test]
async fn an_etag_of_the_handler_is_kept() {
    let (site, mut client, _) = Site::start().await;
    for _ in 0..2 {
        let response = client.get("/tagged").await;
        assert_eq!(response.header("etag"), "\"of-0\"");
        assert_eq!(response.json(), 1);
    }
    assert_eq!(
        get_if_none_match(&mut client, "/tagged", "W/\"of-0\"")
            .await
            .status,
        304
    );
    site.push("x").await;
    assert_eq!(
        get_if_none_match(&mut client, "/tagged", "W/\"of-0\"")
            .await
            .json(),
        2
    );
}

#[tokio::test]
async fn a_response_other_than_200_is_not_cached() {
    let (_site, mut client, _) = Site::start().await;
    for number in 1..4 {
        let response = get_if_none_match(&mut client, "/teapot", "*").await;
        assert_eq!(response.status, StatusCode::IM_A_TEAPOT);
        assert_eq!(response.json(), number);
        assert!(!response.headers.contains_key("etag"));
    }
}

#[tokio::test]
async fn an_error_and_a_panic_are_not_cached() {
    for path in ["/failing", "/panicking"] {
        let (_site, mut client, _) = Site::start().await;
        let failed = get_if_none_match(&mut client, path, "*").await;
        assert!(failed.status.as_u16() >= 400, "{path}: {}", failed.status);
        assert!(!failed.headers.contains_key("etag"), "{path}");
        assert_eq!(client.get(path).await.text(), "here");
    }
}

#[tokio::test]
async fn a_response_without_a_body_is_cached() {
    let (site, mut client, _) = Site::start().await;
    for path in ["/bare", "/empty"] {
        for _ in 0..2 {
            let response = client.get(path).await;
            assert_eq!(response.status, StatusCode::OK);
            assert_eq!(response.header("content-length"), "0");
            assert!(response.headers.contains_key("etag"));
        }
    }
    assert_eq!(site.runs(), 2);
}

#[tokio::test]
async fn a_body_that_is_not_complete_is_passed_through() {
    let (site, mut client, _) = Site::start().await;
    for (path, length) in [("/frames", "6"), ("/late", "6"), ("/stream", "")] {
        let before = site.runs();
        for _ in 0..2 {
            let response = get_if_none_match(&mut client, path, "*").await;
            assert_eq!(response.status, StatusCode::OK, "{path}");
            assert_eq!(response.text(), "abcdef", "{path}");
            assert_eq!(response.header("content-length"), length, "{path}");
            assert!(!response.headers.contains_key("etag"), "{path}");
        }
        assert_eq!(site.runs() - before, 2, "{path}");
    }
}

/// As another HTTP library than hyper would see it.
#[tokio::test]
async fn a_304_has_an_empty_body() {
    use tower::ServiceExt;
    let router = Site::new().router();
    let request = http::Request::get("/notes").header("if-none-match", "*");
    let response = router.oneshot(request.body(Body::empty()).unwrap()).await;
    let response = response.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(response.headers().get("content-length"), None);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(body.is_empty());
}
