//! Where a request was sent to, and where it comes from.

use crate::socket::exchange;
use crate::start;

fn send(server: &kr_tests::Program, method: &str, path: &str, headers: &str) -> String {
    let request = format!("{method} {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
    exchange(server.address, &request)
}

#[test]
fn a_request_names_its_host_once() {
    let server = start(&[]);
    for path in ["/ping", "/number/1", "/nowhere"] {
        for hosts in [
            "",
            "Host: a\r\nHost: a\r\n",
            "Host: a\r\nHost: b\r\n",
            "Host: a b\r\n",
            "Host: user@a\r\n",
            "Host: a/b\r\n",
            "Host: a:b\r\n",
        ] {
            let response = send(&server, "GET", path, hosts);
            assert!(response.starts_with("HTTP/1.1 400"), "{response}");
        }
    }
    assert!(send(&server, "GET", "/ping", "Host: a\r\n").ends_with("pong"));
    // RFC 9112, section 3.3: a server may have a host for such requests.
    assert!(send(&server, "GET", "/ping", "Host:\r\n").ends_with("pong"));
    let old = exchange(server.address, "GET /ping HTTP/1.0\r\n\r\n");
    assert!(old.ends_with("pong"), "{old}");
}

#[test]
fn other_hosts_than_those_allowed_are_refused() {
    let server = start(&[("HOSTS", "localhost 127.0.0.1")]);
    for path in ["/ping", "/number/1"] {
        for host in ["localhost", "localhost:5000", "127.0.0.1:80"] {
            let response = send(&server, "GET", path, &format!("Host: {host}\r\n"));
            assert!(response.starts_with("HTTP/1.1 200"), "{response}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
            "",
        ] {
            let response = send(&server, "GET", path, &format!("Host: {host}\r\n"));
            assert!(response.starts_with("HTTP/1.1 421"), "{response}");
            assert!(!response.contains("evil"), "{response}");
        }
    }
    let absolute =
        "GET http://evil.example/ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert!(exchange(server.address, absolute).starts_with("HTTP/1.1 421"));
}

#[test]
fn a_page_of_another_site_starts_no_change() {
    let server = start(&[("SAME_SITE", "1")]);
    let foreign = [
        "Host: localhost\r\nSec-Fetch-Site: cross-site\r\n",
        "Host: localhost\r\nOrigin: https://evil.example\r\n",
        "Host: localhost\r\nOrigin: null\r\n",
        "Host: localhost:5000\r\nOrigin: http://localhost:9999\r\n",
        "Host: localhost:5000\r\nSec-Fetch-Site: same-site\r\nOrigin: http://localhost:9999\r\n",
    ];
    for headers in foreign {
        let response = send(&server, "POST", "/count", headers);
        assert!(response.starts_with("HTTP/1.1 403"), "{response}");
        assert!(send(&server, "GET", "/ping", headers).ends_with("pong"));
    }
    let own = [
        "Host: localhost\r\n",
        "Host: localhost\r\nSec-Fetch-Site: same-origin\r\nOrigin: http://localhost\r\n",
        "Host: localhost:1\r\nOrigin: http://localhost:1\r\n",
        "Host: api.example.com\r\nSec-Fetch-Site: same-site\r\nOrigin: https://www.example.com\r\n",
    ];
    for (index, headers) in own.into_iter().enumerate() {
        let response = send(&server, "POST", "/count", headers);
        assert!(
            response.ends_with(&format!("\r\n\r\n{}", index + 1)),
            "{response}"
        );
    }
}
