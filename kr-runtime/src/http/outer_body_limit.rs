//! The limit that a `DefaultBodyLimit` around a handler sets.

use axum::RequestExt;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, Request};
use hyper::body::Frame;
use std::convert::Infallible;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Sets the limit for the body of a request, and returns it: the smaller one of `own` and that of a [`DefaultBodyLimit`]
/// around the handler; `default` if there is neither.
///
/// axum keeps its limit in an extension of a private type. A body of unknown length, limited as axum limits it, shows the
/// limit; whether it was set or is axum's default shows in the number of extensions.
pub(super) fn apply(request: &mut Request, own: Option<usize>, default: usize) -> usize {
    let outer = limit_of(request);
    let before = request.extensions().len();
    DefaultBodyLimit::max(own.unwrap_or(default)).apply(request);
    let is_set = request.extensions().len() == before;
    let limit = match outer.filter(|_| is_set) {
        Some(outer) => own.map_or(outer, |own| own.min(outer)),
        None => own.unwrap_or(default),
    };
    DefaultBodyLimit::max(limit).apply(request);
    limit
}

/// What axum would limit the body to, if to anything.
fn limit_of(request: &mut Request) -> Option<usize> {
    let body = mem::replace(request.body_mut(), Body::new(Unknown));
    let limited = mem::take(request).with_limited_body();
    let upper = limited.body().size_hint().upper();
    *request = limited;
    *request.body_mut() = body;
    upper.map(|upper| usize::try_from(upper).unwrap_or(usize::MAX))
}

/// A body that does not say how long it is. Nobody reads it.
struct Unknown;

impl HttpBody for Unknown {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(outer: Option<DefaultBodyLimit>, own: Option<usize>) -> usize {
        let mut request = Request::new(Body::from("kept"));
        request.extensions_mut().insert(1_u8);
        if let Some(outer) = outer {
            outer.apply(&mut request);
        }
        let limit = apply(&mut request, own, 30);
        assert_eq!(limit_of(&mut request), Some(limit));
        assert_eq!(request.body().size_hint().exact(), Some(4));
        limit
    }

    #[test]
    fn the_smaller_limit_counts() {
        assert_eq!(applied(None, None), 30);
        assert_eq!(applied(None, Some(50)), 50);
        assert_eq!(applied(Some(DefaultBodyLimit::max(20)), None), 20);
        assert_eq!(applied(Some(DefaultBodyLimit::max(40)), None), 40);
        assert_eq!(applied(Some(DefaultBodyLimit::max(40)), Some(50)), 40);
        assert_eq!(applied(Some(DefaultBodyLimit::max(40)), Some(10)), 10);
        // As much as axum's own default.
        let same = DefaultBodyLimit::max(2_097_152);
        assert_eq!(applied(Some(same), None), 2_097_152);
    }

    #[test]
    fn no_limit_of_axum_is_no_limit_to_keep() {
        assert_eq!(applied(Some(DefaultBodyLimit::disable()), None), 30);
        assert_eq!(applied(Some(DefaultBodyLimit::disable()), Some(50)), 50);
    }
}
