//! A response that was kept with its commit is found after a restart.

use crate::sample::{Account, Bank};
use crate::under_test::{Place, on_every_durable_store};
use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, StatusCode};
use kr_runtime::Idempotency;
use kr_runtime::prelude::*;
use std::time::Duration;
use tower::ServiceExt;

on_every_durable_store! {
    a_retry_after_a_restart_gets_the_kept_response
    a_response_is_kept_for_its_time_also_over_a_restart
}

#[kr_route(post, "/account/{id}", idempotent)]
#[locked("account:{id}")]
fn deposit(account: &mut Account, id: u64) -> String {
    account.balance += 1;
    format!("{id}: {}", account.balance)
}

fn start(place: &Place, idempotency: Idempotency) -> Router {
    let bank: Bank = crate::sample::bank();
    let app = App::new("Bank", bank).store(place.open());
    let app = app.idempotency(idempotency).mount(routes![deposit]);
    app.into_router().unwrap()
}

async fn send(app: &Router, key: &str) -> (StatusCode, bool, String) {
    let request = Request::post("/account/7").header("idempotency-key", key);
    let response = app
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let is_replayed = response.headers().contains_key("idempotent-replayed");
    let status = response.status();
    let body = to_bytes(response.into_body(), 1000).await.unwrap();
    (
        status,
        is_replayed,
        String::from_utf8(body.to_vec()).unwrap(),
    )
}

async fn a_retry_after_a_restart_gets_the_kept_response(place: Place) {
    let app = start(&place, Idempotency::new());
    let first = send(&app, "\"a\"").await;
    assert_eq!(first, (StatusCode::OK, false, "7: 1".to_owned()));
    drop(app);
    let app = start(&place, Idempotency::new());
    assert_eq!(
        send(&app, "\"a\"").await,
        (StatusCode::OK, true, "7: 1".to_owned())
    );
    assert_eq!(
        send(&app, "\"b\"").await,
        (StatusCode::OK, false, "7: 2".to_owned())
    );
}

async fn a_response_is_kept_for_its_time_also_over_a_restart(place: Place) {
    let short = || Idempotency::new().keep_for(Duration::from_millis(300));
    let app = start(&place, short());
    send(&app, "\"a\"").await;
    drop(app);
    tokio::time::sleep(Duration::from_millis(400)).await;
    let app = start(&place, short());
    assert_eq!(
        send(&app, "\"a\"").await,
        (StatusCode::OK, false, "7: 2".to_owned())
    );
}
