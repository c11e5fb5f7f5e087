//! More connections than there may be.

use crate::socket::{Socket, exchange};
use crate::{server, start};
use kr_tests::Program;
use std::io::{BufRead, BufReader};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

const PING: &str = "GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[test]
fn a_connection_beyond_the_limit_is_turned_away() {
    let server = start(&[("CONNECTIONS", "3")]);
    let mut open: Vec<_> = (0..3).map(|_| Socket::connect(server.address)).collect();
    thread::sleep(Duration::from_millis(100));
    let response = exchange(server.address, PING);
    assert!(response.starts_with("HTTP/1.1 503"), "{response}");
    assert!(response.contains("retry-after: 1"), "{response}");
    open.pop();
    thread::sleep(Duration::from_millis(100));
    assert!(exchange(server.address, PING).ends_with("pong"));
}

/// Starts the server with few descriptors.
fn with_few_descriptors() -> (Program, BufReader<std::process::ChildStderr>) {
    let script = format!("ulimit -n 64; exec {:?}", server());
    let mut command = Command::new("sh");
    command
        .args(["-c", &script])
        .envs([("LOG", "1"), ("CONNECTIONS", "1000")]);
    let (program, log) = Program::start_logging(&mut command);
    (program, BufReader::new(log))
}

#[test]
fn without_descriptors_clients_are_turned_away_and_the_log_says_so() {
    let (server, mut log) = with_few_descriptors();
    let open: Vec<_> = (0..80).map(|_| Socket::connect(server.address)).collect();
    let response = exchange(server.address, PING);
    assert!(response.starts_with("HTTP/1.1 503"), "{response}");
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    assert!(line.starts_with("ERROR"), "{line}");
    assert!(line.contains("connections are refused"), "{line}");
    drop(open);
    let deadline = Instant::now() + Duration::from_secs(5);
    while !exchange(server.address, PING).ends_with("pong") {
        assert!(Instant::now() < deadline, "it does not recover");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_log_says_it_once_a_second_at_most() {
    let (server, log) = with_few_descriptors();
    let _open: Vec<_> = (0..70).map(|_| Socket::connect(server.address)).collect();
    let end = Instant::now() + Duration::from_millis(2_500);
    while Instant::now() < end {
        let _ = exchange(server.address, PING);
    }
    drop(server);
    let lines = log.lines().map_while(Result::ok);
    let lines = lines.filter(|line| line.contains("refused")).count();
    assert!((1..=4).contains(&lines), "{lines} lines");
}

#[test]
fn by_default_there_are_fewer_connections_than_descriptors() {
    let script = format!("ulimit -n 64; exec {:?}", server());
    let server = Program::start_by(Command::new("sh").args(["-c", &script]));
    let _open: Vec<_> = (0..56).map(|_| Socket::connect(server.address)).collect();
    thread::sleep(Duration::from_millis(100));
    let response = exchange(server.address, PING);
    assert!(response.starts_with("HTTP/1.1 503"), "{response}");
    let files = std::fs::read_dir(format!("/proc/{}/fd", server.id()));
    assert!(files.map_or(0, Iterator::count) < 64);
}

#[test]
fn a_thousand_connections_may_wait_to_be_accepted() {
    let server = start(&[]);
    let filter = format!("sport = :{}", server.address.port());
    let Ok(listening) = Command::new("ss").args(["-Hltn", &filter]).output() else {
        return;
    };
    let listening = String::from_utf8(listening.stdout).unwrap();
    let backlog: usize = listening
        .split_whitespace()
        .nth(2)
        .unwrap()
        .parse()
        .unwrap();
    let most = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap_or_default();
    let most = most.trim().parse().unwrap_or(1_024);
    assert_eq!(backlog, 1_024.min(most));
}
