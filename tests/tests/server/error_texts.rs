//! What an error says, and how much of it.

use crate::socket::exchange;
use crate::{server, start};
use kr_tests::Program;
use std::io::Read;
use std::process::Command;

fn post_note(body: &str) -> String {
    let length = body.len();
    format!(
        "POST /note HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

#[test]
fn no_response_repeats_more_than_a_few_hundred_bytes() {
    let server = start(&[]);
    let long = "k".repeat(60_000);
    let larger = "k".repeat(5_000_000);
    let get = |method: &str, path: &str| {
        format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    };
    for request in [
        get("GET", &format!("/{long}")),
        get("GET", &format!("/number/{long}")),
        get(&"M".repeat(10_000), "/ping"),
        post_note(&format!("{{\"{larger}\":")),
        post_note(&format!("{{\"{larger}\":1}}")),
        post_note(&format!("{{\"count\":\"{larger}\"}}")),
        post_note(&format!("\"{larger}\"")),
    ] {
        let response = exchange(server.address, &request);
        assert!(
            response.starts_with("HTTP/1.1 4"),
            "{}",
            &response[..80.min(response.len())]
        );
        assert!(response.len() < 2_000, "{} bytes", response.len());
    }
}

#[test]
fn no_line_of_the_log_repeats_more_than_a_few_hundred_bytes() {
    let (server, mut log) = Program::start_logging(Command::new(server()).env("LOG", "1"));
    let long = "k".repeat(60_000);
    for path in [format!("/{long}"), format!("/number/{long}")] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let _ = exchange(server.address, &request);
    }
    drop(server);
    let mut text = String::new();
    log.read_to_string(&mut text).unwrap();
    assert!(
        text.lines().all(|line| line.len() < 1_000),
        "{}",
        text.len()
    );
}

#[test]
fn no_response_names_a_type_of_the_program() {
    let server = start(&[]);
    for body in ["5", "[]", "{\"count\":\"x\"}", "{\"count\":-1}", "null"] {
        let response = exchange(server.address, &post_note(body));
        assert!(response.starts_with("HTTP/1.1 400"), "{response}");
        for name in ["NoteRequest", "struct", "u32"] {
            assert!(!response.contains(name), "{response}");
        }
    }
    let request = "GET /number/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let response = exchange(server.address, request);
    assert!(
        response.contains("`x` is not a whole number from 0 to"),
        "{response}"
    );
}

#[test]
fn a_body_of_another_kind_is_told_what_is_expected() {
    let server = start(&[]);
    for (body, expected) in [
        (
            "[]",
            "invalid type: array, expected an object (line 1, column 2 of the body)",
        ),
        (
            "\"x\"",
            "invalid type: string \\\"x\\\", expected an object (line 1, column 3 of the body)",
        ),
        (
            "5",
            "invalid type: integer `5`, expected an object (line 1, column 1 of the body)",
        ),
        (
            "null",
            "invalid type: null, expected an object (line 1, column 4 of the body)",
        ),
        (
            "[1, 2]",
            "expected the end of the array (line 1, column 5 of the body)",
        ),
        (
            "{\"count\":[]}",
            "count: invalid type: array, expected a whole number from 0 to 4294967295 (line 1, column 9 of the body)",
        ),
        (
            "{\"count\":1}x",
            "trailing characters (line 1, column 12 of the body)",
        ),
        (
            "{",
            "EOF while parsing an object (line 1, column 1 of the body)",
        ),
    ] {
        let response = exchange(server.address, &post_note(body));
        let expected = format!("\"detail\":\"{expected}\"");
        assert!(response.contains(&expected), "{body}: {response}");
    }
}
