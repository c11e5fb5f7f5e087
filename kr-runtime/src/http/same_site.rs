//! Whether a page of another site has started a request.

use super::host_header;
use axum::http::{HeaderName, Method, Request, header};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Browsers say in `Sec-Fetch-Site` where a request comes from, except to plain HTTP on other hosts than `localhost`. There,
/// `Origin` has to name the host of the request. A request without either is from no browser.
///
/// With other methods than `GET` and `HEAD` a browser always sends `Origin`
/// ([Fetch](https://fetch.spec.whatwg.org/#append-a-request-origin-header)), so nothing else is looked for without it.
pub(crate) fn is_same_site<B>(request: &Request<B>) -> bool {
    let always_has_origin = !matches!(*request.method(), Method::GET | Method::HEAD);
    if always_has_origin && !request.headers().contains_key(header::ORIGIN) {
        return true;
    }
    let mut headers = request.headers().get_all(SEC_FETCH_SITE).iter();
    if let Some(site) = headers.next() {
        let is_known = ["same-origin", "same-site", "none"].contains(&site.to_str().unwrap_or(""));
        return is_known && headers.next().is_none();
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
        let request = Request::get("/").header("host", "localhost:5000");
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
    fn a_page_of_another_site_is_found_in_a_post() {
        for site in [Some("cross-site"), None] {
            let request = Request::post("/").header("host", "localhost:5000");
            let request = request.header("origin", "https://evil.example");
            let request = site.into_iter().fold(request, |request, site| {
                request.header("sec-fetch-site", site)
            });
            assert!(!is_same_site(&request.body(()).unwrap()), "{site:?}");
        }
        assert!(is_same_site(&Request::post("/").body(()).unwrap()));
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
