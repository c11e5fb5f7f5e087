//! Faults that the original server was seen to have. Each test shows that kr does not have one of them.

use crate::{export, start};
use http::{Method, StatusCode};
use kr_tests::{Client, Program, example};
use serde_json::json;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// In Kestrun, a document without the date restored the count and the notes before it failed.
#[tokio::test]
async fn an_import_is_never_partially_applied() {
    let (_program, mut client) = start().await;
    client.post("/visit").await;
    let document = export(&mut client).await;
    client.post("/snapshot/reset").await;
    let before = client.get("/state").await.json();
    let without_date = document.replace("LastUpdated", "LastUpdatedBy");
    let response = client
        .post_json("/snapshot/import", &json!({ "snapshot": without_date }))
        .await;
    assert_eq!(response.status, StatusCode::BAD_REQUEST);
    assert_eq!(client.get("/state").await.json(), before);
}

/// In Kestrun, a document that could not be read set the count to zero and the notes to null.
#[tokio::test]
async fn a_bad_snapshot_changes_nothing() {
    let (_program, mut client) = start().await;
    client.post("/visit").await;
    client.post_json("/note", &json!({"note": "kept"})).await;
    let before = client.get("/state").await.json();
    let response = client
        .post_json("/snapshot/import", &json!({"snapshot": "not xml"}))
        .await;
    assert_eq!(response.status, StatusCode::BAD_REQUEST);
    assert_eq!(client.get("/state").await.json(), before);
}

/// In Kestrun, importing no notes gave one note that was null.
#[tokio::test]
async fn importing_no_notes_gives_no_notes() {
    let (_program, mut client) = start().await;
    let empty = export(&mut client).await;
    client
        .post_json("/note", &json!({"note": "gone soon"}))
        .await;
    let restored = client
        .post_json("/snapshot/import", &json!({ "snapshot": empty }))
        .await;
    assert_eq!(restored.json()["notes"], json!([]));
    assert_eq!(client.get("/state").await.json()["notes"], json!([]));
}

/// In Kestrun, JSON with a charset was treated as text.
#[tokio::test]
async fn json_with_a_charset_is_json() {
    let (_program, mut client) = start().await;
    let content_type = Some("application/json; charset=utf-8");
    let response = client
        .send(Method::POST, "/note", content_type, r#"{"note":"hi"}"#)
        .await;
    assert_eq!(response.json()["notes"], json!(["hi"]));
}

/// In Kestrun, reads waited for an export.
#[tokio::test(flavor = "multi_thread")]
async fn an_export_does_not_block_reads() {
    let (program, mut client) = start().await;
    let note = "n".repeat(4_000_000);
    for _ in 0..5 {
        let noted = client.post_json("/note", &json!({ "note": note })).await;
        assert_eq!(noted.status, StatusCode::OK);
    }
    let address = program.address;
    let exporting = tokio::spawn(async move {
        let mut client = Client::connect(address).await;
        export(&mut client).await.len()
    });
    let mut during = 0;
    while !exporting.is_finished() {
        let response = client.send(Method::HEAD, "/state", None, "").await;
        assert_eq!(response.status, StatusCode::OK);
        during += 1;
    }
    assert!(exporting.await.unwrap() > 20_000_000);
    assert!(during > 0, "no read had its response during the export");
}

/// In Kestrun, a stop of the process interrupted a running script with a 500.
#[tokio::test]
async fn a_shutdown_does_not_interrupt_running_handlers() {
    let mut program = Program::start(env!("CARGO_BIN_EXE_test_server").as_ref());
    let address = program.address;
    let working =
        tokio::spawn(async move { Client::connect(address).await.post("/slow/700").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    program.signal("TERM");
    let response = working.await.unwrap();
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(response.json(), json!({"left": 1, "right": 1}));
    assert!(program.wait().success());
}

/// In Kestrun, a document in which each reference expands to two others kept the server busy for minutes.
#[tokio::test]
async fn a_document_of_doubling_references_is_rejected_quickly() {
    let namespace = "http://schemas.microsoft.com/powershell/2004/04";
    let mut document = format!(
        r#"<Objs Version="1.1.0.1" xmlns="{namespace}"><Obj RefId="99"><MS><I32 N="VisitCount">1</I32>"#
    );
    document += r#"<Obj N="A0" RefId="0"><LST><S>x</S></LST></Obj>"#;
    for level in 1..40 {
        let below = level - 1;
        let reference = format!(r#"<Ref RefId="{below}" />"#);
        write!(
            document,
            r#"<Obj N="A{level}" RefId="{level}"><LST>{reference}{reference}</LST></Obj>"#
        )
        .unwrap();
    }
    document += r#"<Ref N="Notes" RefId="39" /></MS></Obj></Objs>"#;
    let program = Program::start(&example("snapshots"));
    let mut client = Client::connect(program.address).await;
    let started = Instant::now();
    let response = client
        .post_json("/snapshot/import", &json!({ "snapshot": document }))
        .await;
    assert_eq!(response.status, StatusCode::BAD_REQUEST);
    assert!(started.elapsed() < Duration::from_secs(5));
}
