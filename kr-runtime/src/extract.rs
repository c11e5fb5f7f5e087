//! How the arguments of a handler come out of a request.

use crate::reject;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::response::Response;
use serde::de::DeserializeOwned;

/// An argument that axum extracts from the parts of a request, all but its body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be extracted from a request",
    label = "not an extractor",
    note = "if `{Self}` is shared state, borrow it: `&{Self}` or `&mut {Self}`",
    note = "an extractor implements `FromRequestParts`, or `FromRequest` if it reads the body; that one comes last"
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
    note = "if `{Self}` is shared state, borrow it: `&{Self}` or `&mut {Self}`",
    note = "an extractor implements `FromRequestParts`, or `FromRequest` if it reads the body; that one comes last"
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

/// A type that a path segment can be read as.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a path segment",
    label = "this argument has the name of a capture in the path",
    note = "derive `Deserialize` for `{Self}`, or give the argument another name"
)]
pub trait Capture: DeserializeOwned + Send {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + Send> Capture for T {}

/// The next argument, from anything but the body.
///
/// # Errors
/// The response that says what is wrong with the request.
pub async fn part<T: Part>(parts: &mut Parts) -> Result<T, Response> {
    T::take(parts).await
}

/// The last argument.
///
/// # Errors
/// The response that says what is wrong with the request.
pub async fn whole<T: Whole<M>, M>(request: Request) -> Result<T, Response> {
    T::take(request).await
}

/// The captures of the path that have an argument each, in the order of the path: one value, or a tuple of several.
///
/// # Errors
/// The response that says which segment is wrong, and how.
pub async fn captures<T: DeserializeOwned + Send>(
    parts: &mut Parts,
    names: &[&str],
) -> Result<T, Response> {
    match Path::<T>::from_request_parts(parts, &()).await {
        Ok(Path(values)) => Ok(values),
        Err(rejection) => Err(reject::of_path(rejection, names)),
    }
}

/// Lets the compiler say at the argument's type that it cannot be captured.
pub const fn capture<T: Capture>() {}
