//! Whether a page of another site has started a request.

use super::host_header;
use axum::http::{HeaderName, Request, header};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Browsers say in `Sec-Fetch-Site` where a request comes from, except to plain HTTP on other hosts than those of the own
/// machine. There, `Origin` has to name the host and the port of the request. A request without either is from no browser.
///
/// The ports of a host are one site to a browser. But on the own machine, and on many others, each port is another
/// application. So where `Origin` names the host of the request, it has to name its port, too.
pub(crate) fn is_same_site<B>(request: &Request<B>) -> bool {
    let origin = Origin::of(request);
    if request.headers().contains_key(SEC_FETCH_SITE) {
        let mut sites = request.headers().get_all(SEC_FETCH_SITE).iter();
        return sites.all(|site| match site.as_bytes() {
            b"same-origin" | b"none" => true,
            b"same-site" => !matches!(origin, Origin::OtherPort),
            _ => false,
        });
    }
    matches!(origin, Origin::None | Origin::Same)
}

/// Whether a page of this very host and port has started a request, and says so. A request without `Origin` is not let
/// through: it may be of a browser that sends none.
#[cfg(feature = "operations")]
pub(crate) fn has_own_origin<B>(request: &Request<B>) -> bool {
    matches!(Origin::of(request), Origin::Same) && is_same_site(request)
}

/// Where a request comes from, compared with where it goes to. The scheme does not count: a server behind a proxy does not know
/// its own.
enum Origin {
    None,
    Same,
    OtherPort,
    Other,
}

impl Origin {
    fn of<B>(request: &Request<B>) -> Self {
        let mut origins = request.headers().get_all(header::ORIGIN).iter();
        let Some(origin) = origins.next() else {
            return Self::None;
        };
        let origin = origin.to_str().ok();
        let origin = origin.and_then(|origin| origin.split_once("://"));
        let (Some((scheme, origin)), Some(host), None) =
            (origin, host_header::host(request), origins.next())
        else {
            return Self::Other;
        };
        let (name, port) = name_and_port(origin.as_bytes());
        let (own_name, own_port) = name_and_port(host);
        if !name.eq_ignore_ascii_case(own_name) {
            return Self::Other;
        }
        let default: &[u8] = match scheme {
            "http" => b"80",
            "https" => b"443",
            _ => b"",
        };
        match port.unwrap_or(default) == own_port.unwrap_or(default) {
            true => Self::Same,
            false => Self::OtherPort,
        }
    }
}

/// The port, if there is one.
fn name_and_port(host: &[u8]) -> (&[u8], Option<&[u8]>) {
    let name = host_header::without_port(host);
    let port = host[name.len()..].strip_prefix(b":");
    (name, port.filter(|port| !port.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same_site(headers: &[(&str, &str)]) -> bool {
        let request = Request::post("/").header("host", "localhost:5000");
        let add = |request: axum::http::request::Builder, (name, value): &(&str, &str)| {
            request.header(*name, *value)
        };
        is_same_site(&headers.iter().fold(request, add).body(()).unwrap())
    }

    #[test]
    fn a_page_of_another_site_is_found() {
        for headers in [
            [("sec-fetch-site", "cross-site")],
            [("sec-fetch-site", "unheard-of")],
            [("origin", "https://evil.example")],
            [("origin", "http://localhost.evil.example:5000")],
            [("origin", "null")],
            [("origin", "http://localhost:3000")],
            [("origin", "http://localhost")],
        ] {
            assert!(!same_site(&headers), "{headers:?}");
        }
        let other_port = ("origin", "http://localhost:3000");
        assert!(!same_site(&[("sec-fetch-site", "same-site"), other_port]));
        let own = ("origin", "http://localhost:5000");
        assert!(!same_site(&[own, other_port]));
    }

    #[test]
    fn the_own_page_and_programs_are_no_other_site() {
        assert!(same_site(&[]));
        for headers in [
            [("sec-fetch-site", "same-origin")],
            [("sec-fetch-site", "same-site")],
            [("sec-fetch-site", "none")],
            [("origin", "http://localhost:5000")],
            [("origin", "https://LOCALHOST:5000")],
        ] {
            assert!(same_site(&headers), "{headers:?}");
        }
        // Another name of the same site, which only the browser can tell.
        let another = ("origin", "https://www.localhost");
        assert!(same_site(&[("sec-fetch-site", "same-site"), another]));
    }

    #[test]
    fn the_port_that_belongs_to_the_scheme_need_not_be_named() {
        for (host, origin, is_same) in [
            ("example.com", "https://example.com", true),
            ("example.com:443", "https://example.com", true),
            ("example.com:80", "http://example.com", true),
            ("example.com", "http://example.com:80", true),
            ("example.com:443", "http://example.com", false),
            ("example.com", "https://example.com:8443", false),
            ("[::1]:5000", "http://[::1]:5000", true),
            ("[::1]:5000", "http://[::1]:5001", false),
        ] {
            let request = Request::post("/").header("host", host);
            let request = request.header("origin", origin).body(()).unwrap();
            assert_eq!(is_same_site(&request), is_same, "{host} {origin}");
        }
    }
}
