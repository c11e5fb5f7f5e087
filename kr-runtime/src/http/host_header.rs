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
            host.split_at_checked(allowed.len())
                .is_some_and(|(name, port)| {
                    // Most clients write the name as it is here, and comparing bytes is faster.
                    (name == allowed || name.eq_ignore_ascii_case(allowed))
                        && without_port(port).is_empty()
                })
        })
    }
}

/// Whether a request says for which host it is, once. HTTP/1.1 asks for it (RFC 9112, section 3.2). Otherwise two programs
/// on the way may each believe in another one. The name may be empty: clients send that for a target without a host.
pub(crate) fn is_valid<B>(request: &Request<B>) -> bool {
    if request.version() != Version::HTTP_11 {
        return true;
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    hosts.next().is_some() && hosts.next().is_none()
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
            "localhost:5000:1",
            "localhost:port",
            "localhost5000",
            "[::1",
        ] {
            assert!(!allowed.contains(host.as_bytes()), "{host}");
        }
    }
}
