//! The password in a URL is in no log.

use kr_tests::postgres::Postgres;
use kr_tests::{Program, example};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

#[test]
fn the_password_of_the_url_is_in_no_line_of_the_log() {
    let Some(server) = Postgres::start("") else {
        return;
    };
    let url = server.database().replace("kr@", "kr:hunter2secret@");
    let mut command = Command::new(example("bank"));
    command.env("KR_STORE", &url).env("RUST_LOG", "trace");
    let (mut program, mut log) = Program::start_logging(&mut command);
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        log.read_to_string(&mut text).unwrap();
        text
    });
    let list = || {
        let mut socket = TcpStream::connect(program.address).unwrap();
        let request = "GET /accounts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        socket.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        socket.read_to_string(&mut response).unwrap();
        response
    };
    assert!(list().starts_with("HTTP/1.1 200"));
    server.stop_at_once();
    assert!(list().starts_with("HTTP/1.1 503"));
    program.signal("TERM");
    program.wait();
    let log = reader.join().unwrap();
    assert!(log.contains("PostgreSQL at 127.0.0.1"), "{log}");
    assert!(!log.contains("hunter2secret"));
}
