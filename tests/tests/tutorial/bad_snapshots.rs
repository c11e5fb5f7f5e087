//! A bad snapshot is rejected with the position and the cause, and changes nothing.

use crate::{export, start};
use http::StatusCode;
use kr_tests::{Client, Program};
use serde_json::{Value, json};

async fn with_a_note() -> (Program, Client, String, Value) {
    let (program, mut client) = start().await;
    client.post("/visit").await;
    client
        .post_json("/note", &json!({"note": "remember helmet"}))
        .await;
    let document = export(&mut client).await;
    let before = client.get("/state").await.json();
    (program, client, document, before)
}

/// Imports a bad document. Asserts that the error has a position and each of `words`, and that the state did not change.
async fn assert_rejected(client: &mut Client, before: &Value, document: &str, words: &[&str]) {
    let body = json!({ "snapshot": document });
    let response = client.post_json("/snapshot/import", &body).await;
    let detail = response.problem(StatusCode::BAD_REQUEST);
    assert!(detail.starts_with("snapshot: "), "{detail}");
    assert!(
        detail.contains("line ") && detail.contains(", column "),
        "{detail}"
    );
    assert!(!detail.contains("of the body"), "two positions: {detail}");
    for word in words {
        assert!(detail.contains(word), "{word:?} is not in {detail:?}");
    }
    assert_eq!(client.get("/state").await.json(), *before);
}

fn objs(inner: &str) -> String {
    let namespace = "http://schemas.microsoft.com/powershell/2004/04";
    format!(r#"<Objs Version="1.1.0.1" xmlns="{namespace}">{inner}</Objs>"#)
}

#[tokio::test]
async fn text_that_is_not_xml() {
    let (_program, mut client, _, before) = with_a_note().await;
    assert_rejected(
        &mut client,
        &before,
        "remember helmet",
        &["line 1, column 1"],
    )
    .await;
    assert_rejected(
        &mut client,
        &before,
        "{\"VisitCount\": 1}",
        &["line 1, column 1"],
    )
    .await;
}

#[tokio::test]
async fn xml_that_is_not_clixml() {
    let (_program, mut client, _, before) = with_a_note().await;
    assert_rejected(
        &mut client,
        &before,
        "<html><body/></html>",
        &["line 1, column 1", "Objs"],
    )
    .await;
}

#[tokio::test]
async fn a_document_of_another_version() {
    let (_program, mut client, document, before) = with_a_note().await;
    let newer = document.replace("1.1.0.1", "2.0.0.0");
    assert_rejected(&mut client, &before, &newer, &["2"]).await;
}

#[tokio::test]
async fn a_string_instead_of_an_object() {
    let (_program, mut client, _, before) = with_a_note().await;
    assert_rejected(
        &mut client,
        &before,
        &objs("<S>hello</S>"),
        &["object", "string"],
    )
    .await;
}

#[tokio::test]
async fn an_object_with_other_members() {
    let (_program, mut client, _, before) = with_a_note().await;
    let other = objs(r#"<Obj RefId="0"><MS><S N="Name">bike</S></MS></Obj>"#);
    assert_rejected(&mut client, &before, &other, &["VisitCount"]).await;
}

#[tokio::test]
async fn a_missing_member() {
    let (_program, mut client, document, before) = with_a_note().await;
    let start = document.find("      <DT").unwrap();
    let end = document.find("</DT>\n").unwrap() + "</DT>\n".len();
    let without = format!("{}{}", &document[..start], &document[end..]);
    assert_rejected(&mut client, &before, &without, &["LastUpdated"]).await;
}

#[tokio::test]
async fn a_member_of_another_type() {
    let (_program, mut client, document, before) = with_a_note().await;
    let count = r#"<I32 N="VisitCount">1</I32>"#;
    let text = document.replace(count, r#"<S N="VisitCount">one</S>"#);
    assert_rejected(
        &mut client,
        &before,
        &text,
        &["line 8", "VisitCount", "one"],
    )
    .await;
    let list = document.replace(
        count,
        r#"<Obj N="VisitCount" RefId="9"><LST><I32>1</I32></LST></Obj>"#,
    );
    assert_rejected(&mut client, &before, &list, &["line 8", "VisitCount"]).await;
}

#[tokio::test]
async fn a_number_out_of_range() {
    let (_program, mut client, document, before) = with_a_note().await;
    let count = r#"<I32 N="VisitCount">1</I32>"#;
    let wide = document.replace(count, r#"<I64 N="VisitCount">2147483648</I64>"#);
    assert_rejected(&mut client, &before, &wide, &["VisitCount", "2147483648"]).await;
    let wrong = document.replace(count, r#"<I32 N="VisitCount">2147483648</I32>"#);
    assert_rejected(
        &mut client,
        &before,
        &wrong,
        &["line 8", "VisitCount", "2147483648"],
    )
    .await;
}

#[tokio::test]
async fn a_malformed_date() {
    let (_program, mut client, document, before) = with_a_note().await;
    let start = document.find("<DT N=\"LastUpdated\">").unwrap() + "<DT N=\"LastUpdated\">".len();
    let end = document.find("</DT>").unwrap();
    let bad = format!("{}yesterday{}", &document[..start], &document[end..]);
    assert_rejected(&mut client, &before, &bad, &["LastUpdated", "yesterday"]).await;
}

#[tokio::test]
async fn a_truncated_document() {
    let (_program, mut client, document, before) = with_a_note().await;
    for end in [10, 100, document.len() / 2, document.len() - 3] {
        assert_rejected(&mut client, &before, &document[..end], &[]).await;
    }
}

#[tokio::test]
async fn a_snapshot_that_is_not_a_string() {
    let (_program, mut client, _, before) = with_a_note().await;
    for snapshot in [json!(5), json!(true), json!(["<Objs"]), json!({"a": 1})] {
        let body = json!({ "snapshot": snapshot });
        let response = client.post_json("/snapshot/import", &body).await;
        let detail = response.problem(StatusCode::BAD_REQUEST);
        assert!(detail.starts_with("snapshot: invalid type"), "{detail}");
        assert_eq!(client.get("/state").await.json(), before);
    }
}
