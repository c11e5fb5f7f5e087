//! Lost updates: a response has the revision as its tag, and a change that asks for that tag is made to nothing else.

use crate::store::sample::is_waiting;
use http::{Method, StatusCode};
use kr_runtime::prelude::*;
use kr_tests::stores::manual_store;
use kr_tests::{Client, serve};
use serde_json::json;
use std::pin::pin;

mod sample_wiki;

use sample_wiki::{Note, app, connect, put, set, start, wiki};

const FAILED: StatusCode = StatusCode::PRECONDITION_FAILED;

#[tokio::test]
async fn a_change_that_rests_on_an_older_revision_is_refused() {
    for path in ["/note", "/note/async", "/note/blocking", "/note/in-place"] {
        let (wiki, mut client) = start().await;
        let tag = client.get("/note").await.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with("-0\""), "{tag}");
        let changed = put(&mut client, path, ("if-match", &tag), "b").await;
        assert_eq!(changed.status, StatusCode::OK, "{path}");
        let second = changed.header("etag").to_owned();
        assert_ne!(second, tag);
        let refused = put(&mut client, path, ("if-match", &tag), "c").await;
        let detail = refused.problem(FAILED);
        assert!(detail.contains("has changed"), "{detail}");
        assert_eq!(refused.header("etag"), "");
        let read = wiki.read::<Note>().await.unwrap();
        assert_eq!((read.text.as_str(), read.revision()), ("b", 1), "{path}");
        drop(read);
        // Every read has the tag that the change has returned.
        for path in ["/note", "/note/async", "/note/blocking"] {
            assert_eq!(client.get(path).await.header("etag"), second, "{path}");
        }
        let changed = put(&mut client, path, ("if-match", &second), "c").await;
        assert_eq!(changed.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn lists_stars_weak_and_malformed_tags_are_understood() {
    let (_, mut client) = start().await;
    let tag = client.get("/note").await.header("etag").to_owned();
    let listed = put(
        &mut client,
        "/note",
        ("if-match", &format!("\"x\", {tag}")),
        "b",
    )
    .await;
    assert_eq!(listed.status, StatusCode::OK);
    let tag = listed.header("etag").to_owned();
    let weak = put(&mut client, "/note", ("if-match", &format!("W/{tag}")), "c").await;
    assert!(weak.problem(FAILED).contains("proxy"));
    let any = put(&mut client, "/note", ("if-match", "*"), "c").await;
    assert_eq!(any.status, StatusCode::OK);
    for (name, value) in [
        ("if-match", "e-7"),
        ("if-none-match", "e-7"),
        ("if-unmodified-since", "Sat, 29 Oct 1994 19:43:31 GMT"),
    ] {
        let malformed = put(&mut client, "/note", (name, value), "d").await;
        let _ = malformed.problem(StatusCode::BAD_REQUEST);
    }
    // Where a route does not take part, nothing is looked at.
    let plain = put(&mut client, "/plain", ("if-match", "\"x\""), "d").await;
    assert_eq!(plain.status, StatusCode::OK);
    assert_eq!(plain.header("etag"), "");
}

#[tokio::test]
async fn a_client_that_has_the_response_gets_304() {
    let (_, mut client) = start().await;
    for path in ["/note", "/note/async", "/note/blocking", "/title"] {
        let tag = client.get(path).await.header("etag").to_owned();
        assert!(tag.starts_with('"'), "{path}: {tag}");
        for known in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"x\", {tag}"),
            "*".into(),
        ] {
            let get = Method::GET;
            let same = client
                .send_with(get, path, &[("if-none-match", &known)], "")
                .await;
            assert_eq!(same.status, StatusCode::NOT_MODIFIED, "{path} {known}");
            assert_eq!(same.header("etag"), tag);
            assert!(same.body.is_empty());
        }
        for (name, value, status) in [
            ("if-none-match", "\"x\"", StatusCode::OK),
            ("if-none-match", "malformed", StatusCode::OK),
            ("if-match", "\"x\"", FAILED),
            ("if-match", "malformed", StatusCode::BAD_REQUEST),
            ("if-match", tag.as_str(), StatusCode::OK),
        ] {
            let get = Method::GET;
            let other = client.send_with(get, path, &[(name, value)], "").await;
            assert_eq!(other.status, status, "{path} {name}: {value}");
        }
        let head = client.send(Method::HEAD, path, None, "").await;
        assert_eq!(head.header("etag"), tag, "{path}");
    }
}

#[tokio::test]
async fn a_cached_response_has_one_tag_which_is_strong() {
    let (_, mut client) = start().await;
    let first = client.get("/title").await;
    assert_eq!(first.json(), json!(["t", 0]));
    let tag = first.header("etag").to_owned();
    assert_eq!(client.get("/title").await.header("etag"), tag);
    assert_eq!(first.headers.get_all("etag").iter().count(), 1);
    let changed = put(&mut client, "/title", ("if-match", &tag), "u").await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT);
    let second = client.get("/title").await;
    assert_eq!(second.json(), json!(["u", 1]));
    assert_eq!(second.header("etag"), changed.header("etag"));
}

#[tokio::test]
async fn what_is_no_success_has_no_tag_and_no_conditions() {
    let (_, mut client) = start().await;
    for header in [("if-none-match", "*"), ("if-match", "\"x\"")] {
        let get = Method::GET;
        let refused = client.send_with(get, "/note/refused", &[header], "").await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(refused.header("etag"), "");
    }
    let refused = put(&mut client, "/note", ("if-match", "*"), "").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.header("etag"), "");
}

#[tokio::test]
async fn an_instance_that_is_not_there_has_no_tag() {
    let (wiki, mut client) = start().await;
    let absent = client.get("/pages/1").await;
    assert_eq!(
        (absent.status, absent.header("etag")),
        (StatusCode::NOT_FOUND, "")
    );
    let initial = client.get("/pages/1/text").await;
    assert_eq!(
        (initial.json(), initial.header("etag")),
        (json!(["", 0]), "")
    );
    for tag in ["*", "\"x\""] {
        let refused = put(&mut client, "/pages/1", ("if-match", tag), "a").await;
        assert!(refused.problem(FAILED).contains("nothing"));
    }
    assert!(wiki.pages.is_empty().await.unwrap());
    let made = put(&mut client, "/pages/1", ("if-none-match", "*"), "a").await;
    assert_eq!(made.status, StatusCode::CREATED);
    let tag = made.header("etag").to_owned();
    let again = put(&mut client, "/pages/1", ("if-none-match", "*"), "b").await;
    assert!(again.problem(FAILED).contains("already"));
    assert_eq!(client.get("/pages/1").await.header("etag"), tag);

    let delete = Method::DELETE;
    let removed = client
        .send_with(delete, "/pages/1", &[("if-match", &tag)], "")
        .await;
    assert_eq!(
        (removed.status, removed.header("etag")),
        (StatusCode::NO_CONTENT, "")
    );
    // Another one of that key does not pass for the first.
    put(&mut client, "/pages/1", ("if-none-match", "*"), "a").await;
    let old = put(&mut client, "/pages/1", ("if-match", &tag), "b").await;
    let _ = old.problem(FAILED);
}

/// Both count from 0.
#[tokio::test]
async fn a_tag_of_another_life_of_the_state_does_not_match() {
    let (_, mut client) = start().await;
    let (wiki, mut other) = start().await;
    let tag = client.get("/note").await.header("etag").to_owned();
    let refused = put(&mut other, "/note", ("if-match", &tag), "b").await;
    let _ = refused.problem(FAILED);
    // Two applications over one host have the same states, and the same tags.
    let mut twin = connect(app(&wiki)).await;
    let tag = twin.get("/note").await.header("etag").to_owned();
    let changed = put(&mut other, "/note", ("if-match", &tag), "b").await;
    assert_eq!(changed.status, StatusCode::OK);
}

#[tokio::test]
async fn of_many_who_have_read_the_same_one_makes_a_change() {
    let wiki = wiki();
    let address = serve(app(&wiki).into_router().unwrap()).await;
    let tag = Client::connect(address)
        .await
        .get("/note")
        .await
        .header("etag")
        .to_owned();
    let changes = (0..20).map(|number| {
        let tag = tag.clone();
        tokio::spawn(async move {
            let mut client = Client::connect(address).await;
            let path = ["/note", "/note/async", "/note/blocking"][number % 3];
            put(&mut client, path, ("if-match", &tag), "mine")
                .await
                .status
        })
    });
    let changes: Vec<_> = changes.collect();
    let mut made = 0;
    for change in changes {
        match change.await.unwrap() {
            StatusCode::OK => made += 1,
            status => assert_eq!(status, FAILED),
        }
    }
    assert_eq!(made, 1);
    assert_eq!(wiki.read::<Note>().await.unwrap().revision(), 1);
}

/// What it was compared with could still be dropped.
#[tokio::test]
async fn a_refusal_waits_until_what_it_was_compared_with_is_durable() {
    let wiki = wiki();
    let (store, mut control) = manual_store();
    let address = serve(app(&wiki).store(store).into_router().unwrap()).await;
    let mut client = Client::connect(address).await;
    let tag = client.get("/note").await.header("etag").to_owned();
    let mut first = pin!(put(&mut client, "/note", ("if-match", &tag), "b"));
    assert!(is_waiting(first.as_mut()).await);
    control.next_batch().await;
    let mut other = Client::connect(address).await;
    let mut second = pin!(put(&mut other, "/note", ("if-match", &tag), "c"));
    assert!(is_waiting(second.as_mut()).await);
    control.keep();
    let first = first.await;
    assert_eq!(first.status, StatusCode::OK);
    assert!(first.header("etag").ends_with("-1\""));
    let _ = second.await.problem(FAILED);
}

#[test]
fn a_unit_test_passes_a_revision() {
    let mut note = Note { text: "a".into() };
    assert_eq!(set(&mut note, 7.into(), "b".into()).unwrap().0.get(), 7);
}
