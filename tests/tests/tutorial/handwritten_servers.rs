//! What the benchmarks compare kr with answers what kr answers.

use http::{Method, StatusCode};
use kr_tests::{Client, Program, Response, example};
use serde_json::{Value, json};

/// An answer of which the times, which differ, are left out.
fn told(response: &Response) -> (StatusCode, Value) {
    let mut body = response.json();
    if let Some(members) = body.as_object_mut() {
        if response.status.is_success() {
            members.remove("lastUpdated");
            members.remove("exportedAt");
            members.remove("snapshot");
        } else {
            // kr tells more of an error, in a shape of its own.
            members.retain(|name, _| name == "error");
        }
    }
    (response.status, body)
}

/// The tutorial's day, with its mistakes.
async fn day(server: &Program) -> Vec<(StatusCode, Value)> {
    let mut client = Client::connect(server.address).await;
    let mut day = vec![
        told(&client.get("/state").await),
        told(&client.post("/visit").await),
        told(
            &client
                .post_json("/note", &json!({ "note": "remember helmet" }))
                .await,
        ),
        told(&client.post_json("/note", &json!({ "note": " " })).await),
        told(&client.post("/note").await),
    ];
    let exported = client.post("/snapshot/export").await;
    let snapshot = exported.json()["snapshot"].clone();
    assert!(snapshot.as_str().is_some_and(|text| {
        text.starts_with("<Objs ") && text.contains("<S>remember helmet</S>")
    }));
    day.push(told(&exported));
    day.push(told(&client.post("/snapshot/reset").await));
    for body in [json!({ "snapshot": snapshot }), json!({})] {
        day.push(told(&client.post_json("/snapshot/import", &body).await));
    }
    day.push(told(&client.get("/state").await));
    let bad = client
        .post_json("/snapshot/import", &json!({ "snapshot": "<Objs" }))
        .await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    let gone = client.send(Method::DELETE, "/state", None, "").await;
    assert_eq!(gone.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(client.get("/nothing").await.status, StatusCode::NOT_FOUND);
    day.push(told(&client.get("/state").await));
    day
}

#[tokio::test]
async fn every_twin_keeps_the_contract_of_the_tutorial() {
    let expected = day(&Program::start(&example("snapshots"))).await;
    for store in ["mutex", "tokio-mutex", "rwlock", "swap"] {
        let twin = Program::start_with(
            env!("CARGO_BIN_EXE_handwritten").as_ref(),
            &[("STORE", store)],
        );
        assert_eq!(day(&twin).await, expected, "{store}");
    }
}
