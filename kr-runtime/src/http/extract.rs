//! Extracting the arguments of a handler from a request.
//!
//! Each trait wraps one of axum's, so that the error message about a type that lacks it is short and kr's own. The
//! [steps](super::extraction) of generated code ask for them.

use super::body_meter::BodyMeter;
use super::extract_large;
use super::rejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::response::Response;
use serde::de::DeserializeOwned;
use std::sync::Arc;

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
    note = "axum extracts an `Option` of few types, such as `Json` and `Path`: if `{T}` is an extractor, take it itself, with fields that are optional",
    note = "or take `Result<{T}, R>`, where `{T}` is an extractor of what implements `Deserialize`, and `R` its rejection, such as `QueryRejection` [KR0220]",
    note = "if `{T}` is no extractor, put it into one, such as `Option<Json<{T}>>`; an instance of a `SharedMap` is borrowed: `Option<&{T}>` or `&mut Option<{T}>`"
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
    note = "axum extracts an `Option` of few types, such as `Json` and `Path`: if `{T}` is an extractor, take it itself, with fields that are optional",
    note = "or take `Result<{T}, R>`, where `{T}` is an extractor of what implements `Deserialize`, and `R` its rejection, such as `QueryRejection` [KR0220]",
    note = "if `{T}` is no extractor, put it into one, such as `Option<Json<{T}>>`; an instance of a `SharedMap` is borrowed: `Option<&{T}>` or `&mut Option<{T}>`"
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
