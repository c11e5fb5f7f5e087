//! The routes, their bodies and their errors.

use crate::{export, start};
use http::{Method, StatusCode};
use serde_json::{Value, json};

const JSON: Option<&str> = Some("application/json");

#[tokio::test]
async fn a_walk_through_the_tutorial() {
    let (_program, mut client) = start().await;
    let initial = client.get("/state").await;
    assert_eq!(initial.header("content-type"), "application/json");
    let initial = initial.json();
    assert_eq!(initial["visitCount"], 0);
    assert_eq!(initial["notes"], json!([]));
    assert_eq!(initial["snapshotLockKey"], "tutorial:shared-state-snapshot");
    assert!(initial["lastUpdated"].as_str().unwrap().ends_with('Z'));

    client.post("/visit").await;
    assert_eq!(
        client.post("/visit").await.json(),
        json!({"message": "Visit recorded", "visitCount": 2, "notes": []})
    );
    assert_eq!(
        client
            .post_json("/note", &json!({"note": "remember helmet"}))
            .await
            .json(),
        json!({"message": "Note added", "visitCount": 2, "notes": ["remember helmet"]})
    );
    let before = client.get("/state").await.json();

    let exported = client.post("/snapshot/export").await.json();
    assert_eq!(exported["visitCount"], 2);
    assert_eq!(exported["noteCount"], 1);
    assert!(exported["exportedAt"].as_str().unwrap().ends_with('Z'));
    assert!(exported["snapshot"].as_str().unwrap().starts_with("<Objs "));

    assert_eq!(
        client.post("/snapshot/reset").await.json(),
        json!({"message": "State reset", "visitCount": 0, "notes": []})
    );
    let snapshot = json!({"snapshot": exported["snapshot"]});
    assert_eq!(
        client.post_json("/snapshot/import", &snapshot).await.json(),
        json!({"message": "Snapshot restored", "visitCount": 2, "notes": ["remember helmet"]})
    );
    assert_eq!(
        client.get("/state").await.json(),
        before,
        "exact to the last digit"
    );
}

#[tokio::test]
async fn the_export_is_what_powershell_writes() {
    let (_program, mut client) = start().await;
    client.post("/visit").await;
    client
        .post_json("/note", &json!({"note": "remember helmet"}))
        .await;
    client.post("/visit").await;
    let updated = client.get("/state").await.json()["lastUpdated"].clone();
    let cases = include_str!("../../fixtures/clixml/written.jsonl");
    let recorded = cases
        .lines()
        .find(|line| line.contains(r#""tutorial-state""#))
        .unwrap();
    let recorded: Value = serde_json::from_str(recorded).unwrap();
    let expected = recorded["document"]
        .as_str()
        .unwrap()
        .replace("2024-05-01T12:34:56.7891234Z", updated.as_str().unwrap());
    assert_eq!(export(&mut client).await, expected);
}

#[tokio::test]
async fn a_note_is_required() {
    let (_program, mut client) = start().await;
    for body in [
        "{}",
        r#"{"note":null}"#,
        r#"{"note":""}"#,
        r#"{"note":" \t\n"}"#,
        r#"{"Note":"x"}"#,
    ] {
        let response = client.send(Method::POST, "/note", JSON, body).await;
        assert_eq!(
            response.problem(StatusCode::BAD_REQUEST),
            "note is required",
            "{body}"
        );
    }
    let without = client.post("/note").await;
    assert_eq!(without.problem(StatusCode::BAD_REQUEST), "note is required");
    assert_eq!(client.get("/state").await.json()["notes"], json!([]));
}

#[tokio::test]
async fn a_snapshot_is_required() {
    let (_program, mut client) = start().await;
    for body in [
        "{}",
        r#"{"snapshot":null}"#,
        r#"{"snapshot":""}"#,
        r#"{"snapshot":" "}"#,
    ] {
        let response = client
            .send(Method::POST, "/snapshot/import", JSON, body)
            .await;
        assert_eq!(
            response.problem(StatusCode::BAD_REQUEST),
            "snapshot is required",
            "{body}"
        );
    }
    let without = client.post("/snapshot/import").await;
    assert_eq!(
        without.problem(StatusCode::BAD_REQUEST),
        "snapshot is required"
    );
}

#[tokio::test]
async fn a_note_is_stored_unchanged() {
    let (_program, mut client) = start().await;
    let note = "  two spaces, ümlaut, 😀, \u{1}, <&> and 2024-05-01T12:00:00Z ";
    let response = client
        .post_json("/note", &json!({ "note": note }))
        .await
        .json();
    assert_eq!(response["notes"][0], note);
    let snapshot = export(&mut client).await;
    client.post("/snapshot/reset").await;
    let restored = client
        .post_json("/snapshot/import", &json!({ "snapshot": snapshot }))
        .await;
    assert_eq!(restored.json()["notes"][0], note);
}

#[tokio::test]
async fn the_body_of_a_visit_is_ignored_whatever_its_type() {
    let (_program, mut client) = start().await;
    for content_type in [None, JSON, Some("text/plain"), Some("image/png")] {
        let response = client
            .send(Method::POST, "/visit", content_type, "not { json")
            .await;
        assert_eq!(response.status, StatusCode::OK);
    }
    assert_eq!(client.get("/state").await.json()["visitCount"], 4);
}

#[tokio::test]
async fn the_error_for_malformed_json_has_a_position() {
    let (_program, mut client) = start().await;
    let response = client
        .send(Method::POST, "/note", JSON, "{\n \"note\": nope")
        .await;
    let detail = response.problem(StatusCode::BAD_REQUEST);
    assert!(
        detail.contains("note") && detail.contains("line 2, column 11"),
        "{detail}"
    );
    let response = client
        .send(Method::POST, "/note", JSON, r#"{"note": 5}"#)
        .await;
    let detail = response.problem(StatusCode::BAD_REQUEST);
    assert!(
        detail.starts_with("note: ") && detail.contains("line 1, column 10"),
        "{detail}"
    );
}

#[tokio::test]
async fn the_error_for_another_content_type_names_the_expected_one() {
    let (_program, mut client) = start().await;
    let response = client
        .send(Method::POST, "/note", Some("text/plain"), "hi")
        .await;
    let detail = response.problem(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(detail.contains("application/json"), "{detail}");
}

#[tokio::test]
async fn an_unknown_path_is_a_problem_response() {
    let (_program, mut client) = start().await;
    let detail = client.get("/nowhere").await.problem(StatusCode::NOT_FOUND);
    assert!(detail.contains("/nowhere"), "{detail}");
}

#[tokio::test]
async fn another_method_gets_405_with_allow() {
    let (_program, mut client) = start().await;
    for (method, path, allow) in [
        (Method::DELETE, "/state", "GET,HEAD"),
        (Method::GET, "/visit", "POST"),
        (Method::PUT, "/snapshot/import", "POST"),
    ] {
        let response = client.send(method, path, None, "").await;
        let _ = response.problem(StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.header("allow"), allow);
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_rejected() {
    let (program, mut client) = start().await;
    let body = format!(r#"{{"note":"{}"}}"#, "x".repeat(30_000_000));
    let response = client.send(Method::POST, "/note", JSON, body).await;
    assert_eq!(response.header("connection"), "close");
    let _ = response.problem(StatusCode::PAYLOAD_TOO_LARGE);
    let mut client = kr_tests::Client::connect(program.address).await;
    assert_eq!(client.get("/state").await.json()["notes"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_concurrent_visits_count_a_thousand() {
    let (program, mut client) = start().await;
    let address = program.address;
    let mut clients = Vec::new();
    for _ in 0..50 {
        clients.push(tokio::spawn(async move {
            let mut client = kr_tests::Client::connect(address).await;
            let mut seen = Vec::new();
            for _ in 0..20 {
                let visit = client.post("/visit").await.json();
                seen.push(visit["visitCount"].as_u64().unwrap());
            }
            seen
        }));
    }
    let mut counts = Vec::new();
    for client in clients {
        counts.extend(client.await.unwrap());
    }
    counts.sort_unstable();
    assert_eq!(counts, (1..=1000).collect::<Vec<_>>());
    assert_eq!(client.get("/state").await.json()["visitCount"], 1000);
}
