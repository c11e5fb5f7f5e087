//! How the arguments of a handler come out of a request.
//!
//! Each trait stands in front of one of axum's, so that the message about a type that lacks it is kr's own and short.
//! Generated code calls the functions, with the type as it stands in the signature, so that it is pointed at there.

use crate::http::rejection as reject;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::response::Response;
use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;
use std::pin::Pin;
use std::task::{Context, Poll};

/// An argument that axum extracts from the parts of a request, all but its body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be extracted from a request",
    label = "not an extractor",
    note = "if it is shared state, borrow it: `&{Self}` to read, `&mut {Self}` to change [KR0206]",
    note = "otherwise put it into an extractor, such as `Query<{Self}>`, or implement `FromRequestParts` for it [KR0201]"
)]
pub trait Part: Sized + Send {
    #[doc(hidden)]
    fn take(parts: &mut Parts) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T> Part for T
where
    T: FromRequestParts<()> + Send,
    T::Rejection: 'static,
{
    async fn take(parts: &mut Parts) -> Result<Self, Response> {
        let taken = T::from_request_parts(parts, &()).await;
        reject::in_shape(taken.map_err(reject::response)).await
    }
}

/// The last argument that axum extracts, which may read the body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be extracted from a request",
    label = "not an extractor",
    note = "if it is shared state, borrow it: `&{Self}` to read, `&mut {Self}` to change [KR0206]",
    note = "otherwise put it into an extractor, such as `Json<{Self}>` or `Query<{Self}>`, or implement `FromRequest` for it [KR0201]"
)]
pub trait Whole<M>: Sized + Send {
    #[doc(hidden)]
    fn take(request: Request) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T, M> Whole<M> for T
where
    T: FromRequest<(), M> + Send,
    T::Rejection: 'static,
{
    async fn take(request: Request) -> Result<Self, Response> {
        let taken = T::from_request(request, &()).await;
        reject::in_shape(taken.map_err(reject::response)).await
    }
}

/// An extractor of a `T`, such as `Query<T>`: a [`Part`], but what is wrong with it is wrong with `T`.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be read from a request: it lacks `Deserialize`",
    label = "`{T}` does not implement `Deserialize`",
    note = "write `#[derive(Deserialize)]` on `{T}` [KR0201]"
)]
pub trait PartOf<T>: Part {}

#[diagnostic::do_not_recommend]
impl<T, X: Part> PartOf<T> for X {}

/// An extractor of a `T`, such as `Json<T>`: as [`Whole`], but what is wrong with it is wrong with `T`.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be read from a request: it lacks `Deserialize`",
    label = "`{T}` does not implement `Deserialize`",
    note = "write `#[derive(Deserialize)]` on `{T}` [KR0201]"
)]
pub trait WholeOf<T>: Sized + Send {
    #[doc(hidden)]
    fn take(request: Request) -> impl Future<Output = Result<Self, Response>> + Send;
}

// It reads the body for certain, so axum's marker for that is known, and nothing is left open for the compiler to name.
#[diagnostic::do_not_recommend]
impl<T, X> WholeOf<T> for X
where
    X: FromRequest<()> + Send,
    X::Rejection: 'static,
{
    fn take(request: Request) -> impl Future<Output = Result<Self, Response>> + Send {
        <X as Whole<_>>::take(request)
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
    fn take(
        parts: &mut Parts,
        names: &'static [&'static str],
    ) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + Send> Capture for T {
    async fn take(parts: &mut Parts, names: &'static [&'static str]) -> Result<Self, Response> {
        match Path::<T>::from_request_parts(parts, &()).await {
            Ok(Path(value)) => Ok(value),
            Err(rejection) => Err(reject::of_path(rejection, names)),
        }
    }
}

/// Several captures, in the order of the path.
pub trait Captures: Sized {
    #[doc(hidden)]
    fn take(
        parts: &mut Parts,
        names: &'static [&'static str],
    ) -> impl Future<Output = Result<Self, Response>> + Send;
}

macro_rules! captures {
    ($($member:ident)*) => {
        impl<$($member: Capture),*> Captures for ($($member,)*) {
            fn take(
                parts: &mut Parts,
                names: &'static [&'static str],
            ) -> impl Future<Output = Result<Self, Response>> + Send {
                <Self as Capture>::take(parts, names)
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

/// The next argument, from anything but the body.
///
/// # Errors
/// The response that says what is wrong with the request.
#[doc(hidden)]
pub async fn part<T: Part>(parts: &mut Parts) -> Result<T, Response> {
    T::take(parts).await
}

/// As [`part`].
///
/// # Errors
/// The response that says what is wrong with the request.
#[doc(hidden)]
pub async fn part_of<X: PartOf<T>, T>(parts: &mut Parts) -> Result<X, Response> {
    <X as Part>::take(parts).await
}

/// The last argument.
///
/// # Errors
/// The response that says what is wrong with the request.
#[doc(hidden)]
pub async fn whole<T: Whole<M>, M>(request: Request) -> Result<T, Response> {
    T::take(request).await
}

/// As [`whole`].
///
/// # Errors
/// The response that says what is wrong with the request.
#[doc(hidden)]
pub async fn whole_of<X: WholeOf<T>, T>(request: Request) -> Result<X, Response> {
    X::take(request).await
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
    T::take(parts, names).await
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
    T::take(parts, names).await
}

/// An argument on its way out of a request, or the answer if it cannot be had.
pub type Taking<T> = BoxFuture<'static, Result<T, Response>>;

/// For a handler that takes nothing out of the request.
#[doc(hidden)]
pub fn nothing(_: Request) -> Taking<()> {
    Box::pin(Nothing)
}

/// There is nothing in it, so boxing it takes no memory.
struct Nothing;

impl Future for Nothing {
    type Output = Result<(), Response>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(()))
    }
}

// The functions below are for handlers with one argument of the kind: they spare generated code a future of its own, which is
// the dearest thing to compile.

/// As [`part_of`], of the only argument.
#[doc(hidden)]
pub fn only_part_of<X: PartOf<T> + 'static, T: 'static>(request: Request) -> Taking<X> {
    Box::pin(async move {
        let (mut parts, _) = request.into_parts();
        <X as Part>::take(&mut parts).await
    })
}

/// As [`whole`], of the only argument.
#[doc(hidden)]
pub fn only_whole<T: Whole<M> + 'static, M: 'static>(request: Request) -> Taking<T> {
    Box::pin(T::take(request))
}

/// As [`whole_of`], of the only argument.
#[doc(hidden)]
pub fn only_whole_of<X: WholeOf<T> + 'static, T: 'static>(request: Request) -> Taking<X> {
    Box::pin(X::take(request))
}

/// As [`capture`], of the only argument.
#[doc(hidden)]
pub fn only_capture<T: Capture + 'static>(
    request: Request,
    names: &'static [&'static str],
) -> Taking<T> {
    Box::pin(async move {
        let (mut parts, _) = request.into_parts();
        T::take(&mut parts, names).await
    })
}

/// As [`captures`], without other arguments.
#[doc(hidden)]
pub fn only_captures<T: Captures + 'static>(
    request: Request,
    names: &'static [&'static str],
) -> Taking<T> {
    Box::pin(async move {
        let (mut parts, _) = request.into_parts();
        T::take(&mut parts, names).await
    })
}
