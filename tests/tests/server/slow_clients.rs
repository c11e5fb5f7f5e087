//! Clients that do not go on.

use crate::socket::{Socket, exchange};
use crate::start;
use std::thread;
use std::time::Duration;

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[test]
fn a_connection_without_a_request_is_closed() {
    let server = start(&[("HEADER", "400")]);
    let time = Socket::connect(server.address).time_to_close();
    assert!(time > millis(300) && time < millis(2_000), "{time:?}");
}

#[test]
fn an_unfinished_header_is_closed_even_if_bytes_keep_coming() {
    let server = start(&[("HEADER", "400")]);
    let mut socket = Socket::with(server.address, "GET /ping HTTP/1.1\r\nHost: x\r\nX: ");
    for _ in 0..12 {
        socket.send("a");
        thread::sleep(millis(100));
    }
    assert!(socket.time_to_close() < millis(100));
}

#[test]
fn a_connection_may_be_idle_between_requests_for_a_while() {
    let server = start(&[("HEADER", "300"), ("IDLE", "1200")]);
    let ping = "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut socket = Socket::with(server.address, ping);
    socket.until("pong");
    thread::sleep(millis(700));
    socket.send(ping);
    socket.until("pong");
    let time = socket.time_to_close();
    assert!(time > millis(1_000) && time < millis(3_000), "{time:?}");
}

#[test]
fn a_second_header_has_the_time_of_a_header() {
    let server = start(&[("HEADER", "300"), ("IDLE", "8000")]);
    let mut socket = Socket::with(server.address, "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
    socket.until("pong");
    socket.send("GET /pi");
    let time = socket.time_to_close();
    assert!(time < millis(2_000), "{time:?}");
}

#[test]
fn a_body_that_stops_coming_gets_408() {
    let server = start(&[("GRACE", "200")]);
    let half = "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf";
    let mut socket = Socket::with(server.address, half);
    let response = socket.rest();
    assert!(response.starts_with("HTTP/1.1 408"), "{response}");
    assert!(response.contains("connection: close"), "{response}");
}

#[test]
fn a_fast_start_does_not_buy_the_right_to_stop() {
    let server = start(&[("GRACE", "200")]);
    let head = "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n";
    let mut socket = Socket::with(server.address, head);
    socket.send(&"x".repeat(8_000_000));
    let response = socket.rest();
    assert!(response.starts_with("HTTP/1.1 408"), "{response}");
}

#[test]
fn a_body_that_comes_slowly_but_not_too_slowly_is_read() {
    let server = start(&[("GRACE", "300")]);
    let head =
        "POST /length HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2000\r\n\r\n";
    let mut socket = Socket::with(server.address, head);
    for _ in 0..10 {
        thread::sleep(millis(150));
        socket.send(&"x".repeat(200));
    }
    let response = socket.rest();
    assert!(response.ends_with("2000"), "{response}");
}

#[test]
fn the_time_that_a_handler_takes_does_not_count() {
    let server = start(&[
        ("HEADER", "200"),
        ("IDLE", "200"),
        ("GRACE", "200"),
        ("WRITE", "200"),
    ]);
    let request = "POST /length/slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody";
    let response = exchange(server.address, request);
    assert!(response.ends_with("\r\n\r\n4"), "{response}");
}

#[test]
fn a_client_that_does_not_read_is_disconnected() {
    let server = start(&[("WRITE", "400")]);
    let before = server.memory("VmRSS");
    let clients: Vec<_> = (0..8)
        .map(|_| Socket::with(server.address, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n"))
        .collect();
    thread::sleep(millis(2_500));
    if let (Some(before), Some(after)) = (before, server.memory("VmRSS")) {
        let kept = after.saturating_sub(before);
        assert!(kept < 100_000_000, "{kept} bytes are still held");
    }
    for mut client in clients {
        let received = client.rest().len();
        assert!(received < 32_000_000, "{received} bytes");
    }
}

#[test]
fn a_header_has_a_size() {
    let server = start(&[]);
    let mut socket = Socket::with(server.address, "GET /ping HTTP/1.1\r\nHost: x\r\nX: ");
    socket.send(&"x".repeat(70_000));
    let response = socket.rest();
    assert!(response.starts_with("HTTP/1.1 431"), "{response}");
}
