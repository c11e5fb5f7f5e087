//! Extracting the arguments of a handler from a request.
//!
//! Each trait wraps one of axum's, so that the error message about a type that lacks it is short and kr's own. Generated code
//! calls the functions with the type as written in the signature, so that the compiler points there.

use super::body_meter::BodyMeter;
use super::extract_large;
use super::rejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::response::Response;
use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// An argument that axum extracts from everything but the body of a request.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be extracted from a request",
    label = "not an extractor",
    note = "if it is shared state, borrow it: `&{Self}` to read, `&mut {Self}` to change [KR0206]",
    note = "if it is an extractor for a state of axum's, that state is `()` here: for each `K: FromRef<S>` that it asks for, write `impl FromRef<()> for K` [KR0219]",
    note = "otherwise put it into an extractor, such as `Query<{Self}>`, or implement `FromRequestParts` for it [KR0201]"
)]
pub trait FromParts: Sized + Send {
    #[doc(hidden)]
    fn extract(parts: &mut Parts) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T> FromParts for T
where
    T: FromRequestParts<()> + Send,
    T::Rejection: 'static,
{
    async fn extract(parts: &mut Parts) -> Result<Self, Response> {
        let extracted = T::from_request_parts(parts, &()).await;
        rejection::into_problem(extracted.map_err(rejection::response)).await
    }
}

/// The last argument that axum extracts, which may read the body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be extracted from a request",
    label = "not an extractor",
    note = "if it is shared state, borrow it: `&{Self}` to read, `&mut {Self}` to change [KR0206]",
    note = "if it is an extractor for a state of axum's, that state is `()` here: for each `K: FromRef<S>` that it asks for, write `impl FromRef<()> for K` [KR0219]",
    note = "otherwise put it into an extractor, such as `Json<{Self}>` or `Query<{Self}>`, or implement `FromRequest` for it [KR0201]"
)]
pub trait FromBody<M>: Sized + Send {
    #[doc(hidden)]
    fn extract(request: Request) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T, M> FromBody<M> for T
where
    T: FromRequest<(), M> + Send + 'static,
    T::Rejection: 'static,
    M: 'static,
{
    async fn extract(request: Request) -> Result<Self, Response> {
        let meter = request.extensions().get::<Arc<BodyMeter>>().cloned();
        let extracted = match extract_large::may_be_large(&request) {
            true => extract_large::extract(request, from_request).await,
            false => from_request(request).await,
        };
        let extracted = rejection::into_problem(extracted).await;
        match meter.and_then(|meter| meter.extracted(extracted.is_ok())) {
            Some(failure) => Err(rejection::of_body(failure)),
            None => extracted,
        }
    }
}

async fn from_request<T, M>(request: Request) -> Result<T, Response>
where
    T: FromRequest<(), M>,
    T::Rejection: 'static,
{
    let extracted = T::from_request(request, &()).await;
    extracted.map_err(rejection::response)
}

/// An extractor of a `T`, such as `Query<T>`. Like [`FromParts`], but the error message names `T`.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be read from a request: it lacks `Deserialize`",
    label = "`{T}` does not implement `Deserialize`",
    note = "write `#[derive(Deserialize)]` on `{T}` [KR0201]"
)]
pub trait FromPartsOf<T>: FromParts {}

#[diagnostic::do_not_recommend]
impl<T, X: FromParts> FromPartsOf<T> for X {}

/// An `Extension<T>`. Like [`FromParts`], but the error message names `T`.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be taken out of an `Extension`: it lacks `Clone`",
    label = "each request takes a clone of `{T}`",
    note = "write `#[derive(Clone)]` on `{T}`, or use an `Extension<Arc<{T}>>` [KR0201]"
)]
pub trait ExtensionOf<T>: FromParts {}

#[diagnostic::do_not_recommend]
impl<T, X: FromParts> ExtensionOf<T> for X {}

/// An extractor of a `T`, such as `Json<T>`. Like [`FromBody`], but the error message names `T`.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be read from a request: it lacks `Deserialize`",
    label = "`{T}` does not implement `Deserialize`",
    note = "write `#[derive(Deserialize)]` on `{T}` [KR0201]"
)]
pub trait FromBodyOf<T>: Sized + Send {
    #[doc(hidden)]
    fn extract(request: Request) -> impl Future<Output = Result<Self, Response>> + Send;
}

// It certainly reads the body, so axum's marker type is known, and error messages need not mention it.
#[diagnostic::do_not_recommend]
impl<T, X> FromBodyOf<T> for X
where
    X: FromRequest<()> + Send + 'static,
    X::Rejection: 'static,
{
    fn extract(request: Request) -> impl Future<Output = Result<Self, Response>> + Send {
        <X as FromBody<_>>::extract(request)
    }
}

/// An extractor in an `Option` or a `Result`. Like [`FromParts`], but the error message names what is inside.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be extracted from a request",
    label = "not an extractor",
    note = "axum extracts an `Option` of few types, such as `Json` and `Path`: take `{T}` itself, with fields that are optional",
    note = "or take `Result<{T}, R>`, where `{T}` is an extractor and `R` its rejection, such as `QueryRejection` [KR0220]"
)]
pub trait WrappedFromParts<T>: Sized + Send {
    #[doc(hidden)]
    fn extract(parts: &mut Parts) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T, X: FromParts> WrappedFromParts<T> for X {
    fn extract(parts: &mut Parts) -> impl Future<Output = Result<Self, Response>> + Send {
        <X as FromParts>::extract(parts)
    }
}

/// As [`WrappedFromParts`], of the last argument, which may read the body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be extracted from a request",
    label = "not an extractor",
    note = "axum extracts an `Option` of few types, such as `Json` and `Path`: take `{T}` itself, with fields that are optional",
    note = "or take `Result<{T}, R>`, where `{T}` is an extractor and `R` its rejection, such as `QueryRejection` [KR0220]"
)]
pub trait WrappedFromBody<T, M>: Sized + Send {
    #[doc(hidden)]
    fn extract(request: Request) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T, M, X: FromBody<M>> WrappedFromBody<T, M> for X {
    fn extract(request: Request) -> impl Future<Output = Result<Self, Response>> + Send {
        <X as FromBody<M>>::extract(request)
    }
}

/// A type that a segment of the path can be read as.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from the path: it lacks `Deserialize`",
    label = "this is read from a capture of the path",
    note = "write `#[derive(Deserialize)]` on `{Self}`, or give the argument another name than the capture's [KR0201]"
)]
pub trait Capture: DeserializeOwned + Send {
    #[doc(hidden)]
    fn extract(
        parts: &mut Parts,
        names: &'static [&'static str],
    ) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + Send> Capture for T {
    async fn extract(parts: &mut Parts, names: &'static [&'static str]) -> Result<Self, Response> {
        match Path::<T>::from_request_parts(parts, &()).await {
            Ok(Path(value)) => Ok(value),
            Err(rejection) => Err(rejection::of_path(rejection, names)),
        }
    }
}

/// Several captures, in the order of the path.
pub trait Captures: Sized {
    #[doc(hidden)]
    fn extract(
        parts: &mut Parts,
        names: &'static [&'static str],
    ) -> impl Future<Output = Result<Self, Response>> + Send;
}

macro_rules! captures {
    ($($member:ident)*) => {
        impl<$($member: Capture),*> Captures for ($($member,)*) {
            fn extract(
                parts: &mut Parts,
                names: &'static [&'static str],
            ) -> impl Future<Output = Result<Self, Response>> + Send {
                <Self as Capture>::extract(parts, names)
            }
        }
    };
}

captures!(A B);
captures!(A B C);
captures!(A B C D);
captures!(A B C D E);
captures!(A B C D E F);
captures!(A B C D E F G);
captures!(A B C D E F G H);
captures!(A B C D E F G H I);
captures!(A B C D E F G H I J);
captures!(A B C D E F G H I J K);
captures!(A B C D E F G H I J K L);
captures!(A B C D E F G H I J K L N);
captures!(A B C D E F G H I J K L N O);
captures!(A B C D E F G H I J K L N O P);
captures!(A B C D E F G H I J K L N O P Q);

/// Whether an argument that is not the last gets the body, which is reported in other words than [`InOrder`]'s.
pub struct Misplaced<const IS: bool>;

/// An argument that is extracted before others.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be extracted from a request",
    label = "not an extractor",
    note = "if it is shared state, borrow it: `&{Self}` to read, `&mut {Self}` to change [KR0206]",
    note = "if it is an extractor for a state of axum's, that state is `()` here: for each `K: FromRef<S>` that it asks for, write `impl FromRef<()> for K` [KR0219]",
    note = "otherwise put it into an extractor, such as `Query<{Self}>`, or implement `FromRequestParts` for it [KR0201]"
)]
pub trait InOrder<M> {}

#[diagnostic::do_not_recommend]
impl<T: FromParts> InOrder<Misplaced<false>> for T {}

#[diagnostic::do_not_recommend]
impl<T> InOrder<Misplaced<true>> for T {}

/// Does nothing; its bound is the check.
pub const fn assert_in_order<T: InOrder<M>, M>() {}

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

/// As [`from_body`].
///
/// # Errors
/// The response that says what is wrong with the request.
#[doc(hidden)]
pub async fn wrapped_from_body<X: WrappedFromBody<T, M>, T, M>(
    request: Request,
) -> Result<X, Response> {
    X::extract(request).await
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

/// As [`wrapped_from_body`], of the only argument.
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
