//! Finds out what an argument is extracted from, for types that may be no extractors.

use super::extract::FromParts;
use axum::extract::{FromRequest, FromRequestParts};
use axum::http::request::Parts;
use axum::response::Response;
use std::future::Ready;
use std::marker::PhantomData;

/// Finds out what a type is extracted from: an inherent constant wins over a trait's.
pub struct ExtractorProbe<T: ?Sized>(PhantomData<T>);

impl<T: FromRequestParts<()>> ExtractorProbe<T> {
    /// It leaves the body alone.
    pub const FROM_PARTS: bool = true;
}

/// The answer for types that are not extracted from the head of a request.
pub trait NotFromParts {
    /// It is not.
    const FROM_PARTS: bool = false;
}

impl<T: ?Sized> NotFromParts for ExtractorProbe<T> {}

impl<T: FromRequest<()>> ExtractorProbe<T> {
    /// It gets the body.
    pub const FROM_BODY: bool = true;
}

/// The answer for types that do not get the body.
pub trait NotFromBody {
    /// It does not.
    const FROM_BODY: bool = false;
}

impl<T: ?Sized> NotFromBody for ExtractorProbe<T> {}

impl<T: Sync> ExtractorProbe<T> {
    /// A body that is still being received is not `Sync`, so this type has none in it.
    pub const IS_SYNC: bool = true;
}

/// The answer for types that are not `Sync`.
pub trait NotSync {
    /// It is not.
    const IS_SYNC: bool = false;
}

impl<T: ?Sized> NotSync for ExtractorProbe<T> {}

impl<T, R> ExtractorProbe<Result<T, R>> {
    /// Its rejection may be anything, so it tells nothing of the body.
    pub const IS_RESULT: bool = true;
}

/// The answer for types that are not a `Result`.
pub trait NotResult {
    /// It is not.
    const IS_RESULT: bool = false;
}

impl<T: ?Sized> NotResult for ExtractorProbe<T> {}

impl<T: FromParts> ExtractorProbe<T> {
    /// Extracts it.
    pub fn from_parts(parts: &mut Parts) -> impl Future<Output = Result<T, Response>> + Send {
        T::extract(parts)
    }
}

/// The answer for types that are not extractors. A bound would be reported at the call and again at its `.await`, so generated
/// code reports such a type by a constant alone.
pub trait NotExtracted<T> {
    /// Never called.
    ///
    /// # Panics
    /// Always; such a program is never run.
    fn from_parts(_: &mut Parts) -> Ready<Result<T, Response>> {
        unreachable!("this handler has compile errors")
    }
}

impl<T> NotExtracted<T> for ExtractorProbe<T> {}
