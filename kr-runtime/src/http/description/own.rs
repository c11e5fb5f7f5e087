//! What extractors and responses say of themselves: kr's, axum's, and those of the user.

use super::operation::{Content, Description, Place, Status};
use super::type_schema::TypeSchema;
use crate::http::problem::Problem;
use axum::http::StatusCode;
use schemars::JsonSchema;

/// An extractor that says what it reads of a request, for the document of [`App::openapi`](crate::App::openapi).
///
/// axum's extractors have it. Without it, an extractor of your own may refuse a request with anything.
///
/// ```
/// use kr_runtime::{DescribeRequest, RequestParts};
/// use kr_runtime::prelude::*;
///
/// /// Who asks; its `FromRequestParts` is not shown.
/// struct User(String);
///
/// impl DescribeRequest for User {
///     fn describe(request: &mut RequestParts<'_>) {
///         request.header("X-User", "Who asks.").refuses(StatusCode::UNAUTHORIZED);
///     }
/// }
/// ```
pub trait DescribeRequest {
    /// Adds what it reads, and how it refuses a request.
    fn describe(request: &mut RequestParts<'_>);
}

/// What an extractor reads of a request; see [`DescribeRequest`].
#[derive(Debug)]
pub struct RequestParts<'a>(pub(super) &'a mut Description);

impl RequestParts<'_> {
    /// It reads this header.
    pub fn header(&mut self, name: &'static str, description: &'static str) -> &mut Self {
        self.0.headers.push((name, description));
        self
    }

    /// It refuses a request with a [`Problem`] of this status.
    pub fn refuses(&mut self, status: StatusCode) -> &mut Self {
        self.0.rejects([status.as_u16()]);
        self
    }
}

/// Output that says what response it becomes, for the document of [`App::openapi`](crate::App::openapi).
///
/// What axum can respond with has it. Without it, output of your own may become anything.
///
/// ```
/// use kr_runtime::{DescribeResponse, Responses};
/// use kr_runtime::prelude::*;
///
/// enum ShopError {
///     SoldOut,
///     NoSuchItem(String),
/// }
///
/// impl IntoResponse for ShopError {
///     fn into_response(self) -> kr_runtime::axum::response::Response {
///         match self {
///             Self::SoldOut => Problem::conflict("it is sold out").into_response(),
///             Self::NoSuchItem(item) => Problem::not_found(format!("there is no {item}")).into_response(),
///         }
///     }
/// }
///
/// impl DescribeResponse for ShopError {
///     fn describe(responses: &mut Responses<'_>) {
///         responses.problem(StatusCode::CONFLICT).problem(StatusCode::NOT_FOUND);
///     }
/// }
/// ```
pub trait DescribeResponse {
    /// Adds what it becomes.
    fn describe(responses: &mut Responses<'_>);
}

/// What output becomes; see [`DescribeResponse`].
#[derive(Debug)]
pub struct Responses<'a> {
    pub(super) place: Place,
    pub(super) to: &'a mut Description,
}

impl Responses<'_> {
    /// It may be a [`Problem`] of this status.
    pub fn problem(&mut self, status: StatusCode) -> &mut Self {
        let problem = TypeSchema::of::<Problem>();
        self.with(
            status,
            Some(Content::Value("application/problem+json", problem)),
        )
    }

    /// It may be a `T` as JSON, with this status.
    pub fn json<T: JsonSchema>(&mut self, status: StatusCode) -> &mut Self {
        let json = TypeSchema::of::<T>();
        self.with(status, Some(Content::Value("application/json", json)))
    }

    /// It may be a text of that type, such as `text/csv`, with this status.
    pub fn text(&mut self, status: StatusCode, media_type: &'static str) -> &mut Self {
        self.with(status, Some(Content::Text(media_type)))
    }

    /// It may be a status without a body.
    pub fn empty(&mut self, status: StatusCode) -> &mut Self {
        self.with(status, None)
    }

    fn with(&mut self, status: StatusCode, content: Option<Content>) -> &mut Self {
        let status = Status::Exactly(status.as_u16());
        self.to.respond(self.place, status, content);
        self
    }

    /// A response of axum's or of kr's.
    pub(super) fn respond(&mut self, status: Status, content: Option<Content>) {
        self.to.respond(self.place, status, content);
    }

    /// What is described now is beside a status, or in an `Err`.
    pub(super) fn at(&mut self, place: impl FnOnce(&mut Place)) -> Responses<'_> {
        let mut moved = self.place;
        place(&mut moved);
        Responses {
            place: moved,
            to: self.to,
        }
    }
}
