//! A log that nobody reads.

use crate::server;
use crate::socket::{Socket, exchange};
use kr_tests::Program;
use std::process::Command;
use std::thread;
use std::time::Duration;

fn post(path: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
}

/// Starts a server whose log panics, since its reader has gone.
fn start() -> Program {
    let (program, log) = Program::start_logging(Command::new(server()).env("LOG", "1"));
    drop(log);
    program
}

#[test]
fn responses_that_are_logged_arrive() {
    let server = start();
    let holder = Socket::with(server.address, &post("/count/slow"));
    thread::sleep(Duration::from_millis(100));
    let refused = exchange(server.address, &post("/count/slow"));
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    let panicked = exchange(server.address, &post("/panic"));
    assert!(panicked.starts_with("HTTP/1.1 500"), "{panicked}");
    drop(holder);
}

#[test]
fn a_stop_is_as_it_would_be() {
    let mut server = start();
    let mut running = Socket::with(server.address, &post("/count/slow"));
    thread::sleep(Duration::from_millis(100));
    server.signal("TERM");
    assert!(running.rest().ends_with("\r\n\r\n1"));
    assert_eq!(server.wait().code(), Some(0));
}
