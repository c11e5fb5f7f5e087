//! Whether a page of another site has started a request.

use super::host_header;
use axum::http::{HeaderName, Request, header};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Browsers say in `Sec-Fetch-Site` where a request comes from, except to plain HTTP on other hosts than `localhost`. There,
/// `Origin` has to name the host of the request. A request without either is from no browser.
pub(crate) fn is_same_site<B>(request: &Request<B>) -> bool {
    if request.headers().contains_key(SEC_FETCH_SITE) {
        let mut sites = request.headers().get_all(SEC_FETCH_SITE).iter();
        return sites
            .all(|site| matches!(site.as_bytes(), b"same-origin" | b"same-site" | b"none"));
    }
    let Some(origin) = request.headers().get(header::ORIGIN) else {
        return true;
    };
    let origin = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"));
    let Some(((_, origin), host)) = origin.zip(host_header::host(request)) else {
        return false;
    };
    let origin = host_header::without_port(origin.as_bytes());
    origin.eq_ignore_ascii_case(host_header::without_port(host))
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
        ] {
            assert!(!same_site(&headers), "{headers:?}");
        }
    }

    #[test]
    fn the_own_page_and_programs_are_no_other_site() {
        assert!(same_site(&[]));
        for headers in [
            [("sec-fetch-site", "same-origin")],
            [("sec-fetch-site", "same-site")],
            [("sec-fetch-site", "none")],
            [("origin", "http://localhost:5000")],
            [("origin", "http://localhost:3000")],
        ] {
            assert!(same_site(&headers), "{headers:?}");
        }
    }
}
