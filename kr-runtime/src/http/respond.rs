//! What a handler may return, and how it becomes a response.

use super::problem::Problem;
use super::rejection::is_plain_text;
use crate::sync::log;
use crate::transaction::Update;
use axum::body::to_bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

/// What a handler may return.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "cannot be turned into an HTTP response",
    note = "return `Json<T>`, `String`, `StatusCode`, a tuple of these, or `Result<_, E>`; or implement `IntoResponse` for `{Self}` [KR0209]"
)]
pub trait IntoHandlerResponse {
    #[doc(hidden)]
    fn respond(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<T: IntoResponse> IntoHandlerResponse for T {
    fn respond(self) -> Response {
        self.into_response()
    }
}

impl<T: IntoResponse> IntoResponse for Update<T> {
    fn into_response(self) -> Response {
        self.into_inner().into_response()
    }
}

/// A response made from a `T`, such as `Json<T>`. Like [`IntoHandlerResponse`], but the error message names `T`.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be written as JSON: it lacks `Serialize`",
    label = "`{T}` does not implement `Serialize`",
    note = "write `#[derive(Serialize)]` on `{T}` [KR0210]"
)]
pub trait IntoJsonResponse<T> {
    #[doc(hidden)]
    fn respond(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<T, X: IntoResponse> IntoJsonResponse<T> for X {
    fn respond(self) -> Response {
        let response = self.into_response();
        // axum responds with the serializer's words when a value cannot be written; they are not for the client.
        if response.status() == StatusCode::INTERNAL_SERVER_ERROR && is_plain_text(&response) {
            return not_serializable(response);
        }
        response
    }
}

fn not_serializable(response: Response) -> Response {
    let text = to_bytes(response.into_body(), usize::MAX).now_or_never();
    let cause = text.and_then(Result::ok).unwrap_or_default();
    let cause = String::from_utf8_lossy(&cause);
    log::error!(%cause, "the output of a handler cannot be written");
    let mut response = Problem::internal().into_response();
    response.extensions_mut().insert(NotSerializable);
    response
}

/// In the place of an output that cannot be written.
#[derive(Clone)]
struct NotSerializable;

/// Whether the response stands in the place of an output that cannot be written.
pub(super) fn is_not_serializable(response: &Response) -> bool {
    response.status() == StatusCode::INTERNAL_SERVER_ERROR
        && response.extensions().get::<NotSerializable>().is_some()
}

/// What a handler that changes state may return. The output is kept until the change is durable, and only then becomes a
/// response, on whatever thread that is.
#[diagnostic::on_unimplemented(
    message = "a handler that changes state cannot return `{Self}`: it is not `Send`",
    label = "cannot be kept until the change is durable",
    note = "return data that is `Send`, such as an `Arc` instead of an `Rc`, or build the response in the handler and return `Response` [KR0217]"
)]
pub trait WriteOutput: Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> WriteOutput for T {}

/// What a handler may return as the error of a `Result`.
#[diagnostic::on_unimplemented(
    message = "the error type `{Self}` cannot be turned into a response",
    label = "not a response",
    note = "return `Problem` as the error, such as `Problem::bad_request(\"…\")`, or implement `IntoResponse` for `{Self}` [KR0211]"
)]
pub trait IntoErrorResponse {
    #[doc(hidden)]
    fn respond(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<E: IntoResponse> IntoErrorResponse for E {
    fn respond(self) -> Response {
        self.into_response()
    }
}
