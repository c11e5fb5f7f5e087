//! The metrics: what they count, and that nothing a client sends makes new ones.

use crate::service::{Operated, eventually};
use http::Method;
use kr_tests::Client;

/// The value of a sample whose name and labels begin like this and have all of these parts.
fn value(metrics: &str, name: &str, labels: &[&str]) -> Option<f64> {
    let mut samples = metrics.lines().filter(|line| !line.starts_with('#'));
    let sample = samples.find(|line| {
        let rest = line.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with(['{', ' ']))
            && labels.iter().all(|label| line.contains(label))
    });
    sample?.rsplit(' ').next()?.parse().ok()
}

#[tokio::test]
async fn requests_are_counted_by_route_and_status_and_commits_by_lock() {
    let operated = Operated::with_tokens();
    let mut client = operated.client().await;
    for note in ["a", "b"] {
        client.post(&format!("/notes/{note}")).await;
    }
    client.post("/refuse").await;
    client.get("/page").await;
    client.post("/carts/7/helmet").await;
    let response = operated.get("/metrics").await;
    assert_eq!(
        response.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let metrics = response.text();
    let requests = "http_server_request_duration_seconds_count";
    let status = |code: &'static str| format!("http_response_status_code=\"{code}\"");
    let of = |route: &str, code| {
        let route = format!("http_route=\"{route}\"");
        value(&metrics, requests, &[&route, &status(code)])
    };
    assert_eq!(of("/notes/{note}", "201"), Some(2.0), "{metrics}");
    assert_eq!(of("/refuse", "409"), Some(1.0));
    assert_eq!(of("/page", "200"), Some(1.0));
    assert_eq!(
        value(&metrics, "kr_commits_total", &["lock=\"page\""]),
        Some(2.0)
    );
    assert_eq!(
        value(&metrics, "kr_commits_total", &["lock=\"cart:{id}\""]),
        Some(1.0)
    );
    let refused = ["lock=\"page\"", "reason=\"error\""];
    assert_eq!(value(&metrics, "kr_rollbacks_total", &refused), Some(1.0));
    let waits = ["lock=\"page\"", "http_route=\"/refuse\""];
    assert_eq!(
        value(&metrics, "kr_lock_wait_seconds_count", &waits),
        Some(1.0)
    );
    assert_eq!(
        value(&metrics, "kr_lock_hold_seconds_count", &waits),
        Some(1.0)
    );
    assert_eq!(
        value(&metrics, "kr_state_instances", &["state=\"Cart\""]),
        Some(1.0)
    );
    assert_eq!(value(&metrics, "kr_ready", &[]), Some(1.0));
    assert_eq!(value(&metrics, "kr_connections_active", &[]), Some(1.0));
}

#[tokio::test]
async fn who_holds_and_waits_is_counted_by_the_template_of_the_lock() {
    let operated = Operated::with_tokens();
    let holding = tokio::spawn(hold(operated.client().await));
    let waiting = tokio::spawn(hold(operated.client().await));
    eventually("a waiter", async || {
        let metrics = operated.get("/metrics").await.text();
        value(&metrics, "kr_lock_held", &["lock=\"page\""]) == Some(1.0)
            && value(&metrics, "kr_lock_waiters", &["lock=\"page\""]) == Some(1.0)
            && value(&metrics, "http_server_active_requests", &["\"POST\""]) == Some(2.0)
    })
    .await;
    for task in [holding, waiting] {
        operated.site.go_on.notify_one();
        eventually("an end", async || {
            operated.site.go_on.notify_one();
            task.is_finished()
        })
        .await;
    }
}

async fn hold(mut client: Client) {
    assert_eq!(client.post("/hold").await.status, 200);
}

#[tokio::test]
async fn clients_cannot_make_new_series() {
    let operated = Operated::with_tokens();
    let mut client = operated.client().await;
    let names = async || {
        let metrics = operated.get("/metrics").await.text();
        let names = metrics.lines().filter(|line| !line.starts_with('#'));
        let names = names.map(|line| line.rsplit_once(' ').unwrap().0.to_owned());
        names.collect::<std::collections::BTreeSet<_>>()
    };
    let ask = async |client: &mut Client, round: u32| {
        client.get(&format!("/nothing/{round}")).await;
        client.post(&format!("/page?{round}")).await;
        client.post(&format!("/carts/{round}/x")).await;
        let strange = Method::from_bytes(format!("M{round}").as_bytes()).unwrap();
        client.send(strange, &format!("/{round}"), None, "").await;
    };
    ask(&mut client, 0).await;
    // A thread looks at states a few times a second.
    eventually("a look at the states", async || {
        let names = names().await;
        names.iter().any(|name| name.starts_with("kr_state_bytes"))
    })
    .await;
    let before = names().await;
    for round in 1..500 {
        ask(&mut client, round).await;
    }
    assert_eq!(names().await, before);
    let metrics = operated.get("/metrics").await.text();
    let requests = "http_server_request_duration_seconds_count";
    let strange = ["http_request_method=\"_OTHER\"", "\"404\""];
    assert_eq!(
        value(&metrics, requests, &strange),
        Some(500.0),
        "{metrics}"
    );
    assert_eq!(
        value(&metrics, requests, &["\"POST\"", "\"405\""]),
        Some(500.0)
    );
}

#[tokio::test]
async fn the_own_listener_is_not_counted() {
    let operated = Operated::with_tokens();
    for _ in 0..5 {
        operated.get("/api/overview").await;
    }
    let metrics = operated.get("/metrics").await.text();
    assert_eq!(
        value(&metrics, "http_server_request_duration_seconds_count", &[]),
        None
    );
}

/// The dashboard asks for nothing that is not there.
#[tokio::test]
async fn the_dashboard_and_the_alerts_name_metrics_that_exist() {
    let folder = tempfile::tempdir().unwrap();
    let operated = Operated::start_as(
        kr_runtime::Operations::at("127.0.0.1:0").token(crate::service::FULL),
        |app| {
            app.checkpoint(
                folder.path().join("state.json"),
                std::time::Duration::from_millis(20),
            )
        },
    );
    operated.client().await.post("/notes/a").await;
    eventually("a checkpoint", async || {
        operated
            .get("/metrics")
            .await
            .text()
            .contains("kr_checkpoint_last_success")
    })
    .await;
    let metrics = operated.get("/metrics").await.text();
    let guide = "../kr-runtime/docs/guide";
    let dashboard = std::fs::read_to_string(format!("{guide}/grafana.json")).unwrap();
    let page = std::fs::read_to_string(format!("{guide}/operations.md")).unwrap();
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_'));
        let words = words.filter(|it| it.starts_with("kr_") || it.starts_with("http_server_"));
        words.map(str::to_owned).collect()
    };
    // Those of a store are there where there is one.
    let of_store = |name: &str| name.starts_with("kr_store_");
    let known = |name: &str| {
        let plain = ["_bucket", "_count", "_sum"]
            .iter()
            .find_map(|end| name.strip_suffix(end));
        let types = [Some(name), plain].into_iter().flatten();
        types
            .into_iter()
            .any(|name| metrics.contains(&format!("# TYPE {name} ")))
    };
    let mut seen = 0;
    for name in words(&dashboard).into_iter().chain(words(&page)) {
        if ["kr_runtime", "kr_route"].contains(&name.as_str()) || of_store(&name) {
            continue;
        }
        assert!(known(&name), "{name}");
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
    operated.stop().await.unwrap();
}

#[tokio::test]
async fn the_size_of_a_state_is_that_of_its_last_look() {
    let operated = Operated::with_tokens();
    let size = async || {
        let metrics = operated.get("/metrics").await.text();
        value(&metrics, "kr_state_bytes", &["state=\"Page\""])
    };
    eventually("a look", async || size().await.is_some()).await;
    let before = size().await.unwrap();
    operated.client().await.post("/notes/0123456789").await;
    eventually("another look", async || size().await == Some(before + 12.0)).await;
}
