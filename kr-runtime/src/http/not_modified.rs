//! 304, for a client that has the response already.

use axum::body::{Body, Bytes};
use axum::http::response::Parts;
use axum::http::{StatusCode, header};
use axum::response::Response;
use futures_util::stream;
use std::convert::Infallible;

/// In the place of a response that the client has already.
pub(super) fn not_modified(parts: &Parts) -> Response {
    // RFC 9110, section 15.4.5. hyper adds the date.
    const KEPT: [header::HeaderName; 6] = [
        header::ETAG,
        header::CACHE_CONTROL,
        header::CONTENT_LOCATION,
        header::DATE,
        header::EXPIRES,
        header::VARY,
    ];
    // An empty body would make axum add `Content-Length: 0`, which would be wrong: the header describes the response that is
    // not sent.
    let nothing = stream::empty::<Result<Bytes, Infallible>>();
    let mut response = Response::new(Body::from_stream(nothing));
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.extensions_mut() = parts.extensions.clone();
    let headers = response.headers_mut();
    let kept = parts.headers.iter();
    for (name, value) in kept.filter(|(name, _)| KEPT.contains(name)) {
        headers.append(name.clone(), value.clone());
    }
    response
}
