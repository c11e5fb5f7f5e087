//! What the server answers.

use http::{Method, StatusCode};
use kr_tests::{Client, Program, Response, example};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

async fn start() -> (Program, Client) {
    let program = Program::start(&example("live"));
    let client = Client::connect(program.address).await;
    (program, client)
}

fn is_refused(response: &Response, status: StatusCode) {
    assert_ne!(response.problem(status), "");
}

#[tokio::test]
async fn notes_are_added_edited_and_removed() {
    let (_program, mut client) = start().await;
    let text = |text: &str| json!({ "text": text });
    for (number, word) in [(1, "one"), (2, "two")] {
        let added = client.post_json("/notes", &text(word)).await;
        assert_eq!(
            (added.status, added.json()),
            (StatusCode::CREATED, json!(number))
        );
    }
    let edited = client.put_json("/notes/1", &text(" uno ")).await;
    assert_eq!(edited.status, StatusCode::NO_CONTENT);
    let removed = client.delete("/notes/2").await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    let board = client.get("/board").await;
    assert_eq!(board.json(), json!({ "notes": { "1": "uno" } }));
    assert_ne!(board.header("etag"), "");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let (_program, mut client) = start().await;
    for text in [" ".to_owned(), "x".repeat(201)] {
        let refused = client.post_json("/notes", &json!({ "text": text })).await;
        let detail = refused.problem(StatusCode::BAD_REQUEST);
        assert!(detail.starts_with("a note"), "{detail}");
    }
    let nothing = json!({ "text": "x" });
    let missing = client.put_json("/notes/7", &nothing).await;
    is_refused(&missing, StatusCode::NOT_FOUND);
    is_refused(&client.delete("/notes/7").await, StatusCode::NOT_FOUND);
    let another_site = [("sec-fetch-site", "cross-site")];
    let refused = client
        .send_with(Method::POST, "/notes", &another_site, "")
        .await;
    is_refused(&refused, StatusCode::FORBIDDEN);

    for number in 1..=100 {
        let added = client.post_json("/notes", &nothing).await;
        assert_eq!(added.json(), json!(number));
    }
    let full = client.post_json("/notes", &nothing).await;
    is_refused(&full, StatusCode::CONFLICT);
}

/// The data of the events of the board.
fn events(address: SocketAddr) -> impl Iterator<Item = String> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    write!(
        stream,
        "GET /board HTTP/1.1\r\nHost: {address}\r\nAccept: text/event-stream\r\n\r\n"
    )
    .unwrap();
    let lines = BufReader::new(stream).lines().map(Result::unwrap);
    lines.filter_map(|line| Some(line.strip_prefix("data: ")?.to_owned()))
}

#[tokio::test]
async fn the_board_is_followed() {
    let (program, mut client) = start().await;
    let mut events = events(program.address);
    assert_eq!(events.next().unwrap(), r#"{"notes":{}}"#);
    client.post_json("/notes", &json!({ "text": "one" })).await;
    assert_eq!(events.next().unwrap(), r#"{"notes":{"1":"one"}}"#);
}

/// Everything that the page needs is here, and its policy forbids the rest.
#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let (_program, mut client) = start().await;
    let page = client.get("/").await;
    assert_eq!(page.header("content-security-policy"), "default-src 'self'");
    assert!(page.text().contains(r#"src="/page.js""#));
    assert!(!page.text().contains("//"), "{}", page.text());
    let script = client.get("/page.js").await;
    assert_eq!(
        script.header("content-type"),
        "text/javascript; charset=utf-8"
    );
}
