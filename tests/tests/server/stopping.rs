//! Stopping: what is waited for, what is not, and what runs in every case.

use crate::socket::Socket;
use crate::start;
use kr_tests::Program;
use std::thread;
use std::time::{Duration, Instant};

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
}

fn pause() {
    thread::sleep(Duration::from_millis(200));
}

/// Stops the server; returns its exit code and how long it took.
fn stop(server: &mut Program) -> (Option<i32>, Duration) {
    let start = Instant::now();
    server.signal("TERM");
    (server.wait().code(), start.elapsed())
}

#[track_caller]
fn assert_stops_at_once(server: &mut Program) {
    let (code, time) = stop(server);
    assert_eq!(code, Some(0));
    assert!(time < Duration::from_secs(1), "{time:?}");
}

#[test]
fn an_incomplete_request_is_not_waited_for() {
    let body = "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf";
    for text in ["", "G", "GET /ping HTTP/1.1\r\nHost: x\r\n", body] {
        let mut server = start(&[]);
        let mut socket = Socket::with(server.address, text);
        pause();
        assert_stops_at_once(&mut server);
        let response = socket.rest();
        let expected = match text == body {
            true => "HTTP/1.1 503",
            false => "",
        };
        assert!(response.starts_with(expected), "{response}");
    }
}

#[test]
fn an_incomplete_second_request_is_not_waited_for() {
    let mut server = start(&[]);
    let mut socket = Socket::with(server.address, &get("/ping"));
    socket.until("pong");
    socket.send("GET /pi");
    pause();
    assert_stops_at_once(&mut server);
}

#[test]
fn an_event_stream_ends() {
    let mut server = start(&[]);
    let mut socket = Socket::with(server.address, &get("/events"));
    socket.until("data: 1");
    assert_stops_at_once(&mut server);
    assert!(socket.rest().ends_with("0\r\n\r\n"), "it was cut off");
}

#[test]
fn a_stream_is_told_by_its_token() {
    let mut server = start(&[]);
    let mut socket = Socket::with(server.address, &get("/until_stop"));
    socket.until("first");
    assert_stops_at_once(&mut server);
    assert!(socket.rest().contains("last"));
}

fn upgrade(server: &Program, end: &str) -> Socket {
    let headers = "Host: x\r\nConnection: upgrade\r\nUpgrade: greeting\r\n\r\n";
    let request = format!("GET /upgrade/{end} HTTP/1.1\r\n{headers}");
    let mut socket = Socket::with(server.address, &request);
    socket.until("hello");
    socket
}

#[test]
fn another_protocol_may_say_goodbye() {
    let mut server = start(&[]);
    let mut socket = upgrade(&server, "goodbye");
    assert_stops_at_once(&mut server);
    assert!(socket.rest().ends_with("goodbye"));
}

#[test]
fn another_protocol_that_does_not_end_is_given_two_seconds() {
    let mut server = start(&[]);
    let _socket = upgrade(&server, "never");
    let (code, time) = stop(&mut server);
    assert_eq!(code, Some(0));
    assert!(time > Duration::from_millis(1_500), "{time:?}");
    assert!(time < Duration::from_millis(3_500), "{time:?}");
}

#[test]
fn a_request_that_was_read_is_answered() {
    let mut server = start(&[]);
    let mut socket = Socket::with(
        server.address,
        "POST /count/slow HTTP/1.1\r\nHost: x\r\n\r\n",
    );
    pause();
    let (code, _) = stop(&mut server);
    assert_eq!(code, Some(0));
    let response = socket.rest();
    assert!(response.contains("connection: close"), "{response}");
    assert!(response.ends_with("\r\n\r\n1"), "{response}");
}

#[test]
fn a_large_response_is_sent_to_its_end() {
    let mut server = start(&[]);
    let mut socket = Socket::with(server.address, &get("/large"));
    pause();
    server.signal("TERM");
    pause();
    assert!(socket.rest().len() > 32_000_000);
    assert_eq!(server.wait().code(), Some(0));
}

#[test]
fn a_plain_handler_is_waited_for_no_longer_than_the_drain_timeout() {
    for workers in ["1", "2"] {
        let mut server = start(&[("DRAIN", "600"), ("WORKERS", workers)]);
        let _socket = Socket::with(server.address, &get("/block/15000"));
        pause();
        let (code, time) = stop(&mut server);
        assert_eq!(code, Some(1));
        assert!(time > Duration::from_millis(500), "{time:?}");
        assert!(time < Duration::from_millis(2_500), "{time:?}");
    }
}

#[test]
fn a_blocking_handler_is_waited_for_no_longer_than_the_drain_timeout() {
    for path in ["/off-the-workers/15000", "/count/off-the-workers/15000"] {
        let mut server = start(&[("DRAIN", "600")]);
        let _socket = Socket::with(server.address, &get(path));
        pause();
        let (code, time) = stop(&mut server);
        assert_eq!(code, Some(1));
        assert!(time > Duration::from_millis(500), "{path}: {time:?}");
        assert!(time < Duration::from_millis(2_500), "{path}: {time:?}");
    }
}

#[test]
fn a_blocking_handler_is_waited_for_when_its_client_has_gone() {
    let mut server = start(&[]);
    let socket = Socket::with(server.address, &get("/off-the-workers/1500"));
    // A client that leaves before its request is read has sent none.
    pause();
    drop(socket);
    pause();
    let (code, time) = stop(&mut server);
    assert_eq!(code, Some(0));
    assert!(time > Duration::from_millis(500), "{time:?}");
}

/// With one thread for everything, the handler keeps the server itself from running.
#[test]
fn a_runtime_of_one_thread_stops_as_others_do() {
    for (drain, signals) in [("600", 1), ("20000", 2)] {
        let (_folder, file) = saved();
        let limits = [("ON_STOP", &*file), ("DRAIN", drain), ("WORKERS", "0")];
        let mut server = start(&limits);
        let _socket = Socket::with(server.address, &get("/block/15000"));
        pause();
        if signals == 2 {
            server.signal("TERM");
            pause();
        }
        let (code, time) = stop(&mut server);
        assert_eq!(code, Some(1));
        assert!(time < Duration::from_millis(2_500), "{time:?}");
        assert_eq!(std::fs::read_to_string(file).unwrap(), "saved");
    }
}

#[test]
fn a_second_signal_ends_the_process_whatever_the_workers_do() {
    let mut server = start(&[("WORKERS", "1")]);
    let _sockets: Vec<_> = (0..3)
        .map(|_| Socket::with(server.address, &get("/block/15000")))
        .collect();
    pause();
    server.signal("TERM");
    pause();
    let (code, time) = stop(&mut server);
    assert_eq!(code, Some(1));
    assert!(time < Duration::from_secs(1), "{time:?}");
}

/// A file that the functions of `App::on_stop` write.
fn saved() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("saved").display().to_string();
    (folder, file)
}

#[test]
fn what_is_registered_runs_after_an_orderly_stop() {
    let (_folder, file) = saved();
    let mut server = start(&[("ON_STOP", &file)]);
    assert_eq!(stop(&mut server).0, Some(0));
    assert_eq!(std::fs::read_to_string(file).unwrap(), "saved");
}

#[test]
fn what_is_registered_runs_when_the_drain_timeout_has_passed() {
    let (_folder, file) = saved();
    let mut server = start(&[("ON_STOP", &file), ("DRAIN", "300"), ("WORKERS", "1")]);
    let _socket = Socket::with(server.address, &get("/block/15000"));
    pause();
    assert_eq!(stop(&mut server).0, Some(1));
    assert_eq!(std::fs::read_to_string(file).unwrap(), "saved");
}

#[test]
fn what_is_registered_runs_after_a_second_signal() {
    let (_folder, file) = saved();
    let mut server = start(&[("ON_STOP", &file), ("WORKERS", "1")]);
    let _socket = Socket::with(server.address, &get("/block/15000"));
    pause();
    server.signal("TERM");
    pause();
    assert_eq!(stop(&mut server).0, Some(1));
    assert_eq!(std::fs::read_to_string(file).unwrap(), "saved");
}
