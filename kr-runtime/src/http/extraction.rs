//! The steps of an extraction, for generated code: it calls them with the type as written in the signature, so that the
//! compiler points there.

use super::extract::{
    Capture, Captures, ExtensionOf, FromBody, FromBodyOf, FromParts, FromPartsOf, WrappedFromBody,
    WrappedFromParts,
};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::response::Response;
use futures_util::future::BoxFuture;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The next argument, from anything but the body.
///
/// # Errors
/// The response that says what is wrong with the request.
#[doc(hidden)]
pub async fn extension<X: ExtensionOf<T>, T>(parts: &mut Parts) -> Result<X, Response> {
    <X as FromParts>::extract(parts).await
}

/// As [`extension`].
///
/// # Errors
/// The response that says what is wrong with the request.
#[doc(hidden)]
pub async fn from_parts_of<X: FromPartsOf<T>, T>(parts: &mut Parts) -> Result<X, Response> {
    <X as FromParts>::extract(parts).await
}

/// The last argument.
///
/// # Errors
/// The response that says what is wrong with the request.
#[doc(hidden)]
pub async fn from_body<T: FromBody<M>, M>(request: Request) -> Result<T, Response> {
    T::extract(request).await
}

/// As [`from_body`].
///
/// # Errors
/// The response that says what is wrong with the request.
#[doc(hidden)]
pub async fn from_body_of<X: FromBodyOf<T>, T>(request: Request) -> Result<X, Response> {
    X::extract(request).await
}

/// As [`extension`].
///
/// # Errors
/// The response that says what is wrong with the request.
#[doc(hidden)]
pub async fn wrapped_from_parts<X: WrappedFromParts<T>, T>(
    parts: &mut Parts,
) -> Result<X, Response> {
    X::extract(parts).await
}

/// One capture.
///
/// # Errors
/// The response that says which segment is wrong, and how.
#[doc(hidden)]
pub async fn capture<T: Capture>(
    parts: &mut Parts,
    names: &'static [&'static str],
) -> Result<T, Response> {
    T::extract(parts, names).await
}

/// Several captures.
///
/// # Errors
/// The response that says which segment is wrong, and how.
#[doc(hidden)]
pub async fn captures<T: Captures>(
    parts: &mut Parts,
    names: &'static [&'static str],
) -> Result<T, Response> {
    T::extract(parts, names).await
}

/// The future of extracted arguments, or of the response that rejects the request.
pub type Extraction<T> = BoxFuture<'static, Result<T, Response>>;

/// For a handler that extracts nothing.
#[doc(hidden)]
pub fn nothing(_: Request) -> Extraction<()> {
    Box::pin(Nothing)
}

/// A zero-sized future, so boxing it does not allocate.
struct Nothing;

impl Future for Nothing {
    type Output = Result<(), Response>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(()))
    }
}

// The functions below are for handlers that extract a single argument. Generated code then needs no future of its own, which
// is the most expensive thing to compile.

/// As [`from_parts_of`], of the only argument.
#[doc(hidden)]
pub fn single_from_parts_of<X: FromPartsOf<T> + 'static, T: 'static>(
    request: Request,
) -> Extraction<X> {
    Box::pin(async move {
        let (mut parts, _) = request.into_parts();
        <X as FromParts>::extract(&mut parts).await
    })
}

/// As [`extension`], of the only argument.
#[doc(hidden)]
pub fn single_extension<X: ExtensionOf<T> + 'static, T: 'static>(
    request: Request,
) -> Extraction<X> {
    Box::pin(async move {
        let (mut parts, _) = request.into_parts();
        <X as FromParts>::extract(&mut parts).await
    })
}

/// As [`from_body`], of the only argument.
#[doc(hidden)]
pub fn single_from_body<T: FromBody<M> + 'static, M: 'static>(request: Request) -> Extraction<T> {
    Box::pin(T::extract(request))
}

/// As [`from_body_of`], of the only argument.
#[doc(hidden)]
pub fn single_from_body_of<X: FromBodyOf<T> + 'static, T: 'static>(
    request: Request,
) -> Extraction<X> {
    Box::pin(X::extract(request))
}

/// As [`wrapped_from_parts`], of the last argument, which may read the body.
#[doc(hidden)]
pub fn single_wrapped_from_body<X: WrappedFromBody<T, M> + 'static, T: 'static, M: 'static>(
    request: Request,
) -> Extraction<X> {
    Box::pin(X::extract(request))
}

/// As [`capture`], of the only argument.
#[doc(hidden)]
pub fn single_capture<T: Capture + 'static>(
    request: Request,
    names: &'static [&'static str],
) -> Extraction<T> {
    Box::pin(async move {
        let (mut parts, _) = request.into_parts();
        T::extract(&mut parts, names).await
    })
}

/// As [`captures`], without other arguments.
#[doc(hidden)]
pub fn single_captures<T: Captures + 'static>(
    request: Request,
    names: &'static [&'static str],
) -> Extraction<T> {
    Box::pin(async move {
        let (mut parts, _) = request.into_parts();
        T::extract(&mut parts, names).await
    })
}
