//! Plain handlers that keep their worker.

use crate::socket::{Socket, exchange};
use crate::start;
use kr_tests::Program;
use std::io::{BufRead, BufReader};
use std::process::Command;
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
fn a_blocking_handler_leaves_its_worker_to_others() {
    let server = start(&[("WORKERS", "1")]);
    let address = server.address;
    let slow = "GET /off-the-workers/1000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let slow = thread::spawn(move || exchange(address, slow));
    thread::sleep(Duration::from_millis(100));
    let begin = Instant::now();
    assert!(exchange(address, PING).ends_with("pong"));
    assert!(begin.elapsed() < Duration::from_millis(500));
    assert!(slow.join().unwrap().ends_with("done"));
}

#[test]
fn the_log_names_a_handler_that_keeps_its_worker_once_a_minute_and_what_to_add() {
    let (server, log) = Program::start_logging(Command::new(crate::server()).env("LOG", "1"));
    for _ in 0..2 {
        let slow = "GET /block/300 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        assert!(exchange(server.address, slow).ends_with("done"));
    }
    // As long as it runs off the workers, nobody has to hear of it.
    let slow = "GET /off-the-workers/300 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert!(exchange(server.address, slow).ends_with("done"));
    server.signal("TERM");
    let lines = BufReader::new(log).lines().map_while(Result::ok);
    let lines: Vec<String> = lines.filter(|line| line.contains("worker")).collect();
    let [line] = &lines[..] else {
        panic!("not one line: {lines:?}");
    };
    assert!(line.contains("`block` (GET /block/{millis})"), "{line}");
    assert!(line.contains("add `blocking`"), "{line}");
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
