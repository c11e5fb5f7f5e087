//! Start, shutdown, and what survives a restart.

use crate::{export, start};
use http::StatusCode;
use kr_tests::{Client, Program, example};
use serde_json::json;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

fn test_server() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_test_server"))
}

#[tokio::test]
async fn one_line_says_its_name_and_address() {
    let (program, _) = start().await;
    let expected = format!(
        "Shared State Snapshot Server listening on http://{}",
        program.address
    );
    assert_eq!(program.ready, expected);
    assert!(program.address.ip().is_loopback());
}

#[tokio::test]
async fn the_port_comes_from_the_environment() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let port = free.port().to_string();
    let program = Program::start_with(&example("snapshots"), &[("PORT", &port)]);
    assert_eq!(program.address, free);
}

#[tokio::test]
async fn it_listens_on_all_endpoints() {
    let endpoints = ("ENDPOINTS", "127.0.0.1:0 localhost:0");
    let mut program = Program::start_with(test_server(), &[endpoints]);
    let addresses: Vec<SocketAddr> = program
        .ready
        .split("http://")
        .skip(1)
        .map(|text| text.trim_end_matches(" and ").parse().unwrap())
        .collect();
    assert!(addresses.len() >= 2, "{}", program.ready);
    for address in addresses {
        let mut client = Client::connect(address).await;
        assert_eq!(client.get("/pair").await.status, StatusCode::OK);
    }
    program.signal("TERM");
    assert!(program.wait().success());
}

#[test]
fn a_taken_port_is_an_error_at_once_that_says_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = Program::fails(&example("snapshots"), &[("PORT", &port)]);
    assert!(
        said.contains(&format!("port {port} is taken")) && said.contains("PORT="),
        "{said}"
    );
}

#[test]
fn a_bad_port_is_an_error_at_once_that_says_what_to_do() {
    let said = Program::fails(&example("snapshots"), &[("PORT", "70000")]);
    assert!(
        said.contains("PORT is `70000`") && said.contains("0 to 65535"),
        "{said}"
    );
}

#[tokio::test]
async fn an_export_can_be_imported_after_a_restart() {
    let (mut program, mut client) = start().await;
    client.post("/visit").await;
    client
        .post_json("/note", &json!({"note": "survives"}))
        .await;
    let document = export(&mut client).await;
    let before = client.get("/state").await.json();
    program.signal("INT");
    assert!(program.wait().success());

    let (_again, mut client) = start().await;
    assert_eq!(client.get("/state").await.json()["visitCount"], 0);
    let imported = client
        .post_json("/snapshot/import", &json!({ "snapshot": document }))
        .await;
    assert_eq!(imported.status, StatusCode::OK);
    assert_eq!(client.get("/state").await.json(), before);
    assert_eq!(export(&mut client).await, document);
}

#[tokio::test]
async fn a_shutdown_accepts_no_new_connections_and_succeeds() {
    let mut program = Program::start(test_server());
    let address = program.address;
    let working =
        tokio::spawn(async move { Client::connect(address).await.post("/slow/700").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    program.signal("INT");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    assert_eq!(
        working.await.unwrap().json(),
        json!({"left": 1, "right": 1})
    );
    assert!(program.wait().success());
}

#[tokio::test]
async fn a_shutdown_waits_for_a_handler_whose_client_disconnected() {
    let mut program = Program::start(test_server());
    let address = program.address;
    let working =
        tokio::spawn(async move { Client::connect(address).await.post("/slow/700").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    working.abort();
    let _ = working.await;
    let started = std::time::Instant::now();
    program.signal("TERM");
    assert!(program.wait().success());
    assert!(
        started.elapsed() > Duration::from_millis(200),
        "it did not wait"
    );
}

#[tokio::test]
async fn a_shutdown_waits_no_longer_than_its_timeout() {
    let mut program = Program::start_with(test_server(), &[("DRAIN_MILLIS", "100")]);
    let address = program.address;
    let working =
        tokio::spawn(async move { Client::connect(address).await.post("/slow/60000").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    program.signal("TERM");
    assert!(!program.wait().success(), "a lost request is no success");
    working.abort();
}

#[tokio::test]
async fn a_second_signal_ends_the_shutdown_at_once() {
    let mut program = Program::start(test_server());
    let address = program.address;
    let working =
        tokio::spawn(async move { Client::connect(address).await.post("/slow/60000").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    program.signal("INT");
    tokio::time::sleep(Duration::from_millis(100)).await;
    program.signal("INT");
    assert!(!program.wait().success());
    working.abort();
}
