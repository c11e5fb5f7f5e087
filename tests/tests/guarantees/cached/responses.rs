//! Which answers are kept, and what of them.

use super::sample_site::Site;
use super::unless;
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
    // It would be that of the whole answer, if it were there.
    assert_eq!(head.header("content-length"), "");
    assert_eq!(client.get("/notes").await.body, get.body);
    assert_eq!(site.runs(), 1);
}

#[tokio::test]
async fn the_headers_of_the_handler_are_cached_and_304_has_those_that_caches_need() {
    let (_site, mut client, _) = Site::start().await;
    for _ in 0..2 {
        let answer = client.get("/page").await;
        assert_eq!(answer.text(), "<p></p>");
        assert_eq!(answer.header("content-type"), "text/html");
        assert_eq!(answer.header("cache-control"), "max-age=0");
        assert_eq!(answer.header("x-lines"), "some");
        assert_eq!(answer.headers.get_all("vary").iter().count(), 2);
        let unchanged = unless(&mut client, "/page", answer.header("etag")).await;
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
        let answer = client.get("/tagged").await;
        assert_eq!(answer.header("etag"), "\"of-0\"");
        assert_eq!(answer.json(), 1);
    }
    assert_eq!(
        unless(&mut client, "/tagged", "W/\"of-0\"").await.status,
        304
    );
    site.push("x").await;
    assert_eq!(unless(&mut client, "/tagged", "W/\"of-0\"").await.json(), 2);
}

#[tokio::test]
async fn a_response_other_than_200_is_not_cached() {
    let (_site, mut client, _) = Site::start().await;
    for number in 1..4 {
        let answer = unless(&mut client, "/teapot", "*").await;
        assert_eq!(answer.status, StatusCode::IM_A_TEAPOT);
        assert_eq!(answer.json(), number);
        assert!(!answer.headers.contains_key("etag"));
    }
}

#[tokio::test]
async fn an_error_and_a_panic_are_not_cached() {
    for path in ["/failing", "/panicking"] {
        let (_site, mut client, _) = Site::start().await;
        let failed = unless(&mut client, path, "*").await;
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
            let answer = client.get(path).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert_eq!(answer.header("content-length"), "0");
            assert!(answer.headers.contains_key("etag"));
        }
    }
    assert_eq!(site.runs(), 2);
}

#[tokio::test]
async fn a_body_that_is_not_complete_is_passed_through() {
    let (site, mut client, _) = Site::start().await;
    for (path, length) in [("/pieces", "6"), ("/late", "6"), ("/stream", "")] {
        let before = site.runs();
        for _ in 0..2 {
            let answer = unless(&mut client, path, "*").await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert_eq!(answer.text(), "abcdef", "{path}");
            assert_eq!(answer.header("content-length"), length, "{path}");
            assert!(!answer.headers.contains_key("etag"), "{path}");
        }
        assert_eq!(site.runs() - before, 2, "{path}");
    }
}

/// As an HTTP library other than hyper would see it.
#[tokio::test]
async fn a_304_has_an_empty_body() {
    use tower::ServiceExt;
    let router = Site::new().router();
    let request = http::Request::get("/notes").header("if-none-match", "*");
    let answer = router.oneshot(request.body(Body::empty()).unwrap()).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(answer.headers().get("content-length"), None);
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert!(body.is_empty());
}
