//! A route with `etag` as well: a repetition gets the response with its tag, although the state has moved on.

use super::is_replay;
use http::Method;
use kr_runtime::prelude::*;
use kr_runtime::{SharedMap, Store, Update, Volatile};
use kr_tests::stores::manual_store;
use kr_tests::{Client, Response, serve};
use std::net::SocketAddr;

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "page:{id}")]
struct Page(String);

#[derive(Clone, Host)]
struct Wiki {
    pages: SharedMap<u64, Page>,
}

#[kr_route(get, "/pages/{id}", etag)]
#[locked("page:{id}")]
fn page(_id: u64, page: Option<&Page>) -> Result<String, Problem> {
    let page = page.ok_or_else(|| Problem::not_found("no such page"))?;
    Ok(page.0.clone())
}

#[kr_route(put, "/pages/{id}", etag, idempotent)]
#[locked("page:{id}")]
fn put(_id: u64, page: &mut Page, text: String) -> Update<StatusCode> {
    match page.0 == text {
        true => Update::Unchanged(StatusCode::OK),
        false => {
            page.0 = text;
            Update::Changed(StatusCode::OK)
        }
    }
}

#[kr_route(post, "/pages/{id}", etag, idempotent)]
#[locked("page:{id}")]
async fn append(_id: u64, page: &mut Page, text: String) -> Json<String> {
    tokio::task::yield_now().await;
    page.0.push_str(&text);
    Json(page.0.clone())
}

#[kr_route(delete, "/pages/{id}", etag, idempotent)]
#[locked("page:{id}")]
fn delete(_id: u64, page: &mut Option<Page>) -> StatusCode {
    page.take();
    StatusCode::OK
}

async fn start(store: Store<Volatile>) -> SocketAddr {
    let wiki = Wiki {
        pages: SharedMap::new(),
    };
    let app = App::new("Wiki", wiki).store(store);
    let app = app.mount(routes![page, put, append, delete]);
    serve(app.into_router().unwrap()).await
}

async fn send(client: &mut Client, method: Method, key: &str, tag: &str, text: &str) -> Response {
    let headers = [("idempotency-key", key), ("if-match", tag)];
    let headers = match tag {
        "" => &headers[..1],
        _ => &headers[..],
    };
    let text = text.to_owned();
    client.send_with(method, "/pages/1", headers, text).await
}

async fn tag(client: &mut Client) -> String {
    client.get("/pages/1").await.header("etag").to_owned()
}

#[tokio::test]
async fn a_response_has_the_tag_of_the_commit_that_it_is_kept_with() {
    let mut client = Client::connect(start(Store::memory()).await).await;
    for (key, method) in [("a", Method::PUT), ("b", Method::POST), ("c", Method::POST)] {
        let changed = send(&mut client, method, key, "", "text").await;
        assert_eq!(changed.status, StatusCode::OK);
        assert_eq!(changed.header("etag"), tag(&mut client).await);
    }
}

#[tokio::test]
async fn a_change_that_changes_nothing_has_the_tag_that_was_there() {
    let mut client = Client::connect(start(Store::memory()).await).await;
    send(&mut client, Method::PUT, "a", "", "text").await;
    let before = tag(&mut client).await;
    let unchanged = send(&mut client, Method::PUT, "b", "", "text").await;
    assert_eq!(unchanged.header("etag"), before);
    assert_eq!(tag(&mut client).await, before);
}

#[tokio::test]
async fn an_instance_that_was_removed_has_no_tag() {
    let mut client = Client::connect(start(Store::memory()).await).await;
    for key in ["a", "b"] {
        send(&mut client, Method::PUT, key, "", "text").await;
        let deleted = send(&mut client, Method::DELETE, &format!("{key}-"), "", "").await;
        assert_eq!(deleted.status, StatusCode::OK);
        assert_eq!(deleted.header("etag"), "");
    }
}

/// The first request has changed the tag that the repetition names.
#[tokio::test]
async fn a_repetition_is_found_before_its_tag_is_compared() {
    let mut client = Client::connect(start(Store::memory()).await).await;
    send(&mut client, Method::PUT, "a", "", "text").await;
    let old = tag(&mut client).await;
    let first = send(&mut client, Method::POST, "b", &old, "!").await;
    assert_eq!(first.text(), "\"text!\"");
    let again = send(&mut client, Method::POST, "b", &old, "!").await;
    assert!(is_replay(&again));
    assert_eq!(again.header("etag"), first.header("etag"));
    assert_eq!(again.body, first.body);

    // Another request with that tag is refused, and may be sent again with the new one.
    for (tag, status) in [
        (&*old, StatusCode::PRECONDITION_FAILED),
        (first.header("etag"), StatusCode::OK),
    ] {
        let other = send(&mut client, Method::POST, "c", tag, "?").await;
        assert_eq!(other.status, status);
        assert!(!is_replay(&other));
    }
}

/// The second change starts from a commit that is not durable yet.
#[tokio::test]
async fn the_tag_is_that_of_the_commit_when_others_wait_for_the_store() {
    let (store, mut control) = manual_store();
    let address = start(store).await;
    let change = |key: &'static str| {
        tokio::spawn(async move {
            let mut client = Client::connect(address).await;
            send(&mut client, Method::POST, key, "", key).await
        })
    };
    let first = change("a");
    control.next_batch().await;
    let second = change("b");
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    control.keep();
    let first = first.await.unwrap();
    control.next_batch().await;
    control.keep();
    let second = second.await.unwrap();
    assert_eq!(second.text(), "\"ab\"");
    assert_ne!(second.header("etag"), first.header("etag"));
    let mut client = Client::connect(address).await;
    assert_eq!(tag(&mut client).await, second.header("etag"));
}
