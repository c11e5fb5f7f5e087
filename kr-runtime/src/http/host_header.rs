//! The host that a request names.

use axum::http::{HeaderValue, Request, Version, header};

/// The hosts that an application answers for.
#[derive(Debug)]
pub(crate) struct AllowedHosts(Vec<String>);

impl AllowedHosts {
    pub(crate) fn new(hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(hosts.into_iter().map(Into::into).collect())
    }

    /// A host without a port is allowed with every port.
    pub(crate) fn contains(&self, host: &[u8]) -> bool {
        let mut allowed = self.0.iter().map(String::as_bytes);
        allowed.any(|allowed| {
            let Some((name, port)) = host.split_at_checked(allowed.len()) else {
                return false;
            };
            // Nearly every request names the host exactly as it is written here.
            is_port_or_nothing(port) && (name == allowed || name.eq_ignore_ascii_case(allowed))
        })
    }
}

/// `:5000`, or nothing.
fn is_port_or_nothing(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b':', port @ ..] => port.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Whether a request of HTTP/1.1 has one `Host`, and a valid one (RFC 9112, section 3.2). Otherwise two programs on the way may
/// each believe in another host.
///
/// An empty one is valid. Section 3.3 lets a server answer such a request for whatever host it serves.
pub(crate) fn is_valid<B>(request: &Request<B>) -> bool {
    if request.version() != Version::HTTP_11 {
        return true;
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => is_host(host.as_bytes()),
        _ => false,
    }
}

/// Whether this is a host, with or without a port: a name, an IPv4 address, or an IPv6 address in brackets.
fn is_host(host: &[u8]) -> bool {
    match without_port(host) {
        [b'[', address @ .., b']'] => address
            .iter()
            .all(|byte| *byte == b':' || is_in_name(*byte)),
        name => name.iter().all(|byte| is_in_name(*byte)),
    }
}

/// The characters of a `reg-name` (RFC 3986, section 3.2.2).
fn is_in_name(byte: u8) -> bool {
    const NAME: [bool; 256] = {
        let mut name = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            let character = byte as u8;
            name[byte] = character.is_ascii_alphanumeric()
                || matches!(
                    character,
                    b'-' | b'.'
                        | b'_'
                        | b'~'
                        | b'%'
                        | b'!'
                        | b'$'
                        | b'&'
                        | b'\''
                        | b'('
                        | b')'
                        | b'*'
                        | b'+'
                        | b','
                        | b';'
                        | b'='
                );
            byte += 1;
        }
        name
    };
    NAME[usize::from(byte)]
}

/// The host, with its port if the request names one.
pub(crate) fn host<B>(request: &Request<B>) -> Option<&[u8]> {
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str().as_bytes()),
        None => request
            .headers()
            .get(header::HOST)
            .map(HeaderValue::as_bytes),
    }
}

/// `[::1]:5000` is `[::1]`, and `localhost:5000` is `localhost`.
pub(crate) fn without_port(host: &[u8]) -> &[u8] {
    let mut end = host.len();
    while end > 0 && host[end - 1].is_ascii_digit() {
        end -= 1;
    }
    match end > 0 && host[end - 1] == b':' {
        true => &host[..end - 1],
        false => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_cut_off_and_nothing_else() {
        for (host, name) in [
            ("localhost:5000", "localhost"),
            ("localhost", "localhost"),
            ("[::1]:5000", "[::1]"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(without_port(host.as_bytes()), name.as_bytes());
        }
    }

    #[test]
    fn hosts_are_compared_as_a_whole_and_without_case() {
        let allowed = AllowedHosts::new(["localhost", "Example.com:8080", "[::1]"]);
        for host in ["LOCALHOST:1", "localhost", "example.com:8080", "[::1]:5000"] {
            assert!(allowed.contains(host.as_bytes()), "{host}");
        }
        for host in [
            "",
            "localhost.evil.example",
            "evil-localhost",
            "example.com",
            "example.com:80",
            "[::1",
            "localhost:5000:5000",
            "localhost:5000@evil.example",
            "localhost:x",
            "[::1]5000",
        ] {
            assert!(!allowed.contains(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn a_host_has_the_characters_of_a_host() {
        for host in [
            "",
            "a",
            "localhost:5000",
            "x_1.example.",
            "[::1]",
            "[fe80::1]:80",
            "127.0.0.1:",
        ] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in [
            "a b", "user@a", "a/b", "a?b", "a#b", "a:b", "a:1:2", "::1", "[::1", "é",
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }
}
