//! What the probes say.

use crate::service::{Operated, Site, app, eventually};
use kr_runtime::Operations;
use kr_runtime::axum::Router;
use kr_runtime::axum::routing::get;
use kr_runtime::prelude::*;
use kr_tests::Client;
use std::time::Duration;

fn operations() -> Operations {
    Operations::at("127.0.0.1:0").heartbeat_limit(Duration::from_secs(1))
}

#[tokio::test]
async fn an_application_that_serves_is_alive_and_ready() {
    let operated = Operated::start_as(operations(), App::probes);
    for path in ["/livez", "/readyz"] {
        eventually(path, async || {
            operated.get_with(path, &[]).await.status == 200
        })
        .await;
        let response = operated.client().await.get(path).await;
        assert_eq!(
            (response.status.as_u16(), response.text().as_str()),
            (200, "ok\n")
        );
    }
}

#[tokio::test]
async fn the_probes_need_no_token() {
    let operated = Operated::with_tokens();
    eventually("ready", async || {
        operated.get_with("/readyz", &[]).await.status == 200
    })
    .await;
    assert_eq!(
        operated
            .get_with("/livez", &[("x-forwarded-for", "9.9.9.9")])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn an_application_without_them_does_not_answer_probes() {
    let operated = Operated::start(operations());
    assert_eq!(operated.client().await.get("/livez").await.status, 404);
}

#[tokio::test]
async fn probes_are_answered_whatever_hosts_are_allowed_and_layers_do() {
    let operated = Operated::start_as(operations(), |app| {
        app.allowed_hosts(["example.com"]).probes()
    });
    let mut client = operated.client().await;
    assert_eq!(client.get("/page").await.status, 421);
    assert_eq!(client.get("/livez").await.status, 200);
}

#[test]
fn a_route_at_the_path_of_a_probe_is_an_error_at_the_start() {
    let own = Router::new().route("/livez", get(async || "mine"));
    let error = app(Site::new()).merge(own).probes().build().unwrap_err();
    assert!(error.to_string().contains("/livez"), "{error}");
}

/// The only worker of the application is busy; the listener has threads of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_runtime_runs_nothing_the_listener_says_so() {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let operated = Operated::start(operations());
            tell.send((operated.address, operated.operations)).unwrap();
            operated.stop.requested().await;
        });
    });
    let (address, operations) = told.recv().unwrap();
    let status = async |path: &str| Client::connect(operations).await.get(path).await.status;
    eventually("ready", async || status("/readyz").await == 200).await;
    let mut client = Client::connect(address).await;
    let blocked = tokio::spawn(async move { client.post("/block/4000").await.status });
    eventually("not alive", async || status("/livez").await == 503).await;
    assert_eq!(status("/readyz").await, 503);
    assert_eq!(status("/").await, 200);
    assert_eq!(status("/api/locks").await, 200);
    assert_eq!(blocked.await.unwrap(), 200);
    eventually("alive again", async || status("/livez").await == 200).await;
}

#[tokio::test]
async fn from_the_wish_to_stop_to_the_end_of_the_delay_it_serves_and_is_not_ready() {
    let (ask, asked) = tokio::sync::oneshot::channel::<()>();
    let operated = Operated::start_as(operations(), |app| {
        app.probes()
            .stop_delay(Duration::from_millis(1_500))
            .shutdown_signal(async { drop(asked.await) })
    });
    eventually("ready", async || {
        operated.get_with("/readyz", &[]).await.status == 200
    })
    .await;
    ask.send(()).unwrap();
    let mut client = operated.client().await;
    eventually("not ready", async || {
        operated.get_with("/readyz", &[]).await.status == 503
    })
    .await;
    assert_eq!(client.get("/readyz").await.status, 503);
    assert_eq!(client.get("/livez").await.status, 200);
    assert_eq!(operated.client().await.get("/page").await.status, 200);
    assert!(!operated.stop.is_requested());
    operated.stop.requested().await;
    operated.stop().await.unwrap();
}
