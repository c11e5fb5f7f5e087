//! The handwritten servers, with which the benchmarks compare kr, keep the contract of the tutorial.

use http::{Method, StatusCode};
use kr_tests::{Client, Program, Response, example};
use serde_json::{Value, json};

/// The status and body of a response, without the times, which differ.
fn without_times(response: &Response) -> (StatusCode, Value) {
    let mut body = response.json();
    if let Some(members) = body.as_object_mut() {
        if response.status.is_success() {
            members.remove("lastUpdated");
            members.remove("exportedAt");
            members.remove("snapshot");
        } else {
            // kr's errors have more members.
            members.retain(|name, _| name == "error");
        }
    }
    (response.status, body)
}

/// Sends every kind of request of the tutorial, bad ones included. Returns the responses.
async fn all_requests(server: &Program) -> Vec<(StatusCode, Value)> {
    let mut client = Client::connect(server.address).await;
    let mut responses = vec![
        without_times(&client.get("/state").await),
        without_times(&client.post("/visit").await),
        without_times(
            &client
                .post_json("/note", &json!({ "note": "remember helmet" }))
                .await,
        ),
        without_times(&client.post_json("/note", &json!({ "note": " " })).await),
        without_times(&client.post("/note").await),
    ];
    let exported = client.post("/snapshot/export").await;
    let snapshot = exported.json()["snapshot"].clone();
    assert!(snapshot.as_str().is_some_and(|text| {
        text.starts_with("<Objs ") && text.contains("<S>remember helmet</S>")
    }));
    responses.push(without_times(&exported));
    responses.push(without_times(&client.post("/snapshot/reset").await));
    for body in [json!({ "snapshot": snapshot }), json!({})] {
        responses.push(without_times(
            &client.post_json("/snapshot/import", &body).await,
        ));
    }
    responses.push(without_times(&client.get("/state").await));
    let bad = client
        .post_json("/snapshot/import", &json!({ "snapshot": "<Objs" }))
        .await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    let gone = client.send(Method::DELETE, "/state", None, "").await;
    assert_eq!(gone.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(client.get("/nothing").await.status, StatusCode::NOT_FOUND);
    responses.push(without_times(&client.get("/state").await));
    responses
}

#[tokio::test]
async fn every_handwritten_server_keeps_the_contract() {
    let expected = all_requests(&Program::start(&example("snapshots"))).await;
    for store in ["mutex", "tokio-mutex", "rwlock", "swap"] {
        let server = Program::start_with(
            env!("CARGO_BIN_EXE_handwritten").as_ref(),
            &[("STORE", store)],
        );
        assert_eq!(all_requests(&server).await, expected, "{store}");
    }
}
