//! Entity tags and the ids of events go on after a restart, and never pass for others after a restored backup.

use crate::sample::{Account, Bank, Page};
use crate::under_test::{Place, on_every_durable_store};
use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use kr_runtime::prelude::*;
use std::fs;
use tower::ServiceExt;

on_every_durable_store! {
    a_tag_is_good_after_a_restart
    a_tag_of_a_removed_instance_never_passes_for_its_successor
    an_event_has_the_same_id_after_a_restart
}

#[kr_route(get, "/page", etag)]
#[locked("page")]
fn show(page: &Page) -> String {
    page.title.clone()
}

#[kr_route(post, "/page/{title}", etag)]
#[locked("page")]
fn rename(page: &mut Page, title: String) {
    page.title = title;
}

#[kr_route(get, "/account/{id}", etag)]
#[locked("account:{id}")]
fn account(account: Option<&Account>, id: u64) -> Result<String, Problem> {
    let account = account.ok_or_else(|| Problem::not_found(format!("no account {id}")))?;
    Ok(account.balance.to_string())
}

#[kr_route(post, "/account/{id}", etag)]
#[locked("account:{id}")]
fn deposit(account: &mut Account, id: u64) {
    let _ = id;
    account.balance += 1;
}

#[kr_route(delete, "/account/{id}", etag)]
#[locked("account:{id}")]
fn close(account: &mut Option<Account>, id: u64) {
    let _ = id;
    account.take();
}

#[kr_route(get, "/live", live)]
#[locked("page")]
fn follow(page: &Page) -> String {
    page.title.clone()
}

fn start(place: &Place) -> Router {
    let bank: Bank = crate::sample::bank();
    let app = App::new("Bank", bank).store(place.open());
    let app = app.mount(routes![show, rename, account, deposit, close, follow]);
    app.into_router().unwrap()
}

async fn send(
    app: &Router,
    method: &str,
    path: &str,
    if_match: Option<&str>,
) -> (StatusCode, HeaderMap) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(tag) = if_match {
        request = request.header("if-match", tag);
    }
    let response = app
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    (response.status(), response.headers().clone())
}

async fn tag_of(app: &Router, path: &str) -> String {
    let (status, headers) = send(app, "GET", path, None).await;
    assert_eq!(status, StatusCode::OK);
    headers["etag"].to_str().unwrap().to_owned()
}

async fn a_tag_is_good_after_a_restart(place: Place) {
    let app = start(&place);
    let first = tag_of(&app, "/page").await;
    drop(app);
    let app = start(&place);
    assert_eq!(tag_of(&app, "/page").await, first);
    let (status, headers) = send(&app, "POST", "/page/two", Some(&first)).await;
    assert_eq!(status, StatusCode::OK);
    let second = headers["etag"].to_str().unwrap().to_owned();
    send(&app, "POST", "/account/7", None).await;
    let account = tag_of(&app, "/account/7").await;
    drop(app);
    let app = start(&place);
    assert_eq!(tag_of(&app, "/page").await, second);
    assert_eq!(tag_of(&app, "/account/7").await, account);
    let (status, _) = send(&app, "POST", "/page/three", Some(&first)).await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED);
    let (status, _) = send(&app, "POST", "/account/7", Some(&account)).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_from_after_the_backup_never_passes_for_another() {
    let place = Place::file();
    let path = place.path();
    let app = start(&place);
    send(&app, "POST", "/page/one", None).await;
    drop(app);
    drop(start(&place));
    let backup = wait_and_read(&path);
    let app = start(&place);
    send(&app, "POST", "/page/two", None).await;
    let lost = tag_of(&app, "/page").await;
    drop(app);
    wait_and_read(&path);
    fs::write(&path, backup).unwrap();
    let app = start(&place);
    send(&app, "POST", "/page/other", None).await;
    // The same number, and another value.
    let other = tag_of(&app, "/page").await;
    let number = |tag: &str| tag.rsplit('-').next().unwrap().to_owned();
    assert_eq!(number(&other), number(&lost));
    assert_ne!(other, lost);
    let (status, _) = send(&app, "POST", "/page/three", Some(&lost)).await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED);
}

async fn a_tag_of_a_removed_instance_never_passes_for_its_successor(place: Place) {
    let app = start(&place);
    send(&app, "POST", "/account/7", None).await;
    let removed = tag_of(&app, "/account/7").await;
    send(&app, "DELETE", "/account/7", None).await;
    drop(app);
    let app = start(&place);
    send(&app, "POST", "/account/7", None).await;
    let (status, _) = send(&app, "POST", "/account/7", Some(&removed)).await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED);
}

async fn an_event_has_the_same_id_after_a_restart(place: Place) {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let app = start(&place);
        let request = Request::get("/live").header("accept", "text/event-stream");
        let response = app
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let mut body = response.into_body().into_data_stream();
        let first = futures_util::StreamExt::next(&mut body)
            .await
            .unwrap()
            .unwrap();
        let text = String::from_utf8(first.to_vec()).unwrap();
        let id = text.lines().find_map(|line| line.strip_prefix("id: "));
        ids.push(id.expect("an id").to_owned());
    }
    assert_eq!(ids[0], ids[1]);
}

/// The bytes of a file when its owner has closed it.
fn wait_and_read(path: &std::path::Path) -> Vec<u8> {
    drop(kr_runtime::Store::open(path).unwrap());
    std::thread::sleep(std::time::Duration::from_millis(200));
    fs::read(path).unwrap()
}
