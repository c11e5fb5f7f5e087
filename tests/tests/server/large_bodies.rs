//! Bodies that are larger than there is room for.

use crate::socket::{Socket, exchange};
use crate::start;
use std::thread;
use std::time::Duration;

#[test]
fn a_length_above_the_limit_is_refused_before_the_body_is_sent() {
    let server = start(&[("BODY", "1000")]);
    for expect in ["", "Expect: 100-continue\r\n"] {
        let head =
            format!("POST /length HTTP/1.1\r\nHost: x\r\n{expect}Content-Length: 1001\r\n\r\n");
        let response = exchange(server.address, &head);
        assert!(response.starts_with("HTTP/1.1 413"), "{response}");
        assert!(response.contains("connection: close"), "{response}");
        assert!(response.contains("1000 bytes"), "{response}");
    }
}

#[test]
fn a_client_that_sends_all_of_a_large_body_still_sees_the_response() {
    let server = start(&[("BODY", "1000")]);
    let head = "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n";
    let mut socket = Socket::with(server.address, head);
    socket.send(&"x".repeat(4_000_000));
    let response = socket.rest();
    assert!(response.starts_with("HTTP/1.1 413"), "{response}");
}

#[test]
fn a_body_without_a_length_is_refused_when_it_is_too_large() {
    let server = start(&[("BODY", "1000")]);
    let head = "POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut socket = Socket::with(server.address, head);
    socket.send(&format!("{:x}\r\n{}\r\n", 1001, "x".repeat(1001)));
    let response = socket.rest();
    assert!(response.starts_with("HTTP/1.1 413"), "{response}");
    assert!(response.contains("connection: close"), "{response}");
}

#[test]
fn a_body_within_the_limit_is_asked_for() {
    let server = start(&[("BODY", "1000")]);
    let head = "POST /length HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    let mut socket = Socket::with(server.address, head);
    assert!(socket.until("\r\n\r\n").starts_with("HTTP/1.1 100"));
    socket.send("body");
    assert!(socket.rest().ends_with("\r\n\r\n4"));
}

/// A request of which a part of the body is there.
fn part(path: &str, sent: usize) -> String {
    let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n");
    head + &"x".repeat(sent)
}

#[test]
fn all_bodies_together_hold_no_more_than_the_limit() {
    let server = start(&[("TOTAL_BODY", "1000000")]);
    let mut first = Socket::with(server.address, &part("/length", 600_000));
    thread::sleep(Duration::from_millis(200));
    let response = exchange(server.address, &part("/length", 600_000));
    assert!(response.starts_with("HTTP/1.1 503"), "{response}");
    assert!(response.contains("try again"), "{response}");
    first.send(&"x".repeat(300_000));
    assert!(first.until("900000").starts_with("HTTP/1.1 200"));
    // All of it is free again.
    let mut third = Socket::with(server.address, &part("/length", 900_000));
    assert!(third.until("900000").starts_with("HTTP/1.1 200"));
}

#[test]
fn what_a_handler_takes_as_a_stream_is_not_held() {
    let server = start(&[("TOTAL_BODY", "10000"), ("GRACE", "200")]);
    let mut socket = Socket::with(server.address, &part("/stream", 900_000));
    assert!(socket.until("900000").starts_with("HTTP/1.1 200"));
}

#[test]
fn bodies_of_clients_that_have_gone_are_not_held() {
    let server = start(&[("TOTAL_BODY", "1000000")]);
    for _ in 0..5 {
        drop(Socket::with(server.address, &part("/length", 600_000)));
        thread::sleep(Duration::from_millis(100));
    }
    let mut socket = Socket::with(server.address, &part("/length", 900_000));
    assert!(socket.until("900000").starts_with("HTTP/1.1 200"));
}
