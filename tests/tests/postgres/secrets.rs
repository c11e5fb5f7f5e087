//! The password in a URL is in no log.

use kr_tests::Program;
use kr_tests::postgres::Postgres;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

#[test]
fn the_password_of_the_url_is_in_no_line_of_the_log() {
    let Some(server) = Postgres::start("") else {
        return;
    };
    let url = server.database().replace("kr@", "kr:hunter2secret@");
    let mut command = Command::new(env!("CARGO_BIN_EXE_postgres_peers"));
    command.env("STORE", "kr").env("URL", &url);
    let command = command.env("RUST_LOG", "trace");
    let (mut program, mut log) = Program::start_logging(command);
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        log.read_to_string(&mut text).unwrap();
        text
    });
    let pay_in = || {
        let mut socket = TcpStream::connect(program.address).unwrap();
        let request = "POST /accounts/1 HTTP/1.1\r\nHost: bank\r\nContent-Type: application/json\r\n\
            Content-Length: 12\r\nConnection: close\r\n\r\n{\"amount\":5}";
        socket.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        socket.read_to_string(&mut response).unwrap();
        response
    };
    assert!(pay_in().starts_with("HTTP/1.1 200"));
    server.stop_at_once();
    assert!(pay_in().starts_with("HTTP/1.1 503"));
    program.signal("TERM");
    program.wait();
    let log = reader.join().unwrap();
    assert!(log.contains("PostgreSQL at 127.0.0.1"), "{log}");
    assert!(!log.contains("hunter2secret"));
}
