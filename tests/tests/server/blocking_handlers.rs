//! Plain handlers that keep their worker.

use crate::socket::{Socket, exchange};
use crate::start;
use std::thread;
use std::time::{Duration, Instant};

const PING: &str = "GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[test]
fn others_are_answered_while_a_worker_is_blocked() {
    let server = start(&[("WORKERS", "2")]);
    let _blocking = Socket::with(
        server.address,
        "GET /block/3000 HTTP/1.1\r\nHost: x\r\n\r\n",
    );
    thread::sleep(Duration::from_millis(100));
    let begin = Instant::now();
    for _ in 0..20 {
        let one = Instant::now();
        assert!(exchange(server.address, PING).ends_with("pong"));
        assert!(
            one.elapsed() < Duration::from_millis(500),
            "{:?}",
            one.elapsed()
        );
        thread::sleep(Duration::from_millis(20));
    }
    assert!(begin.elapsed() < Duration::from_millis(2_500));
}

#[test]
fn an_idle_server_takes_no_processor_time() {
    let server = start(&[]);
    let Some(before) = server.processor_seconds() else {
        return;
    };
    thread::sleep(Duration::from_secs(2));
    let used = server.processor_seconds().unwrap() - before;
    assert!(used < 0.05, "{used} seconds");
}

/// Decoding takes long in a debug build, and the only worker is free for others meanwhile.
#[test]
fn a_large_body_is_decoded_elsewhere() {
    let server = start(&[("WORKERS", "1")]);
    let body = format!("{{\"x\":[{}0],\"count\":7}}", "0,".repeat(5_000_000));
    let length = body.len();
    for path in ["/note", "/note/optional"] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        let address = server.address;
        let importing = thread::spawn(move || exchange(address, &request));
        let mut slowest = Duration::ZERO;
        while !importing.is_finished() {
            let one = Instant::now();
            assert!(exchange(address, PING).ends_with("pong"));
            slowest = slowest.max(one.elapsed());
            thread::sleep(Duration::from_millis(5));
        }
        assert!(importing.join().unwrap().ends_with("\r\n\r\n7"));
        assert!(slowest < Duration::from_millis(400), "{path}: {slowest:?}");
    }
}
