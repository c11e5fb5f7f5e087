//! How what a handler returns becomes a commit or a roll-back, and then a response.

use crate::http::pipeline::Ran;
use crate::http::problem::Problem;
use crate::http::rejection::is_plain_text;
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
pub trait Respond {
    #[doc(hidden)]
    fn respond(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<T: IntoResponse> Respond for T {
    fn respond(self) -> Response {
        self.into_response()
    }
}

/// A response of a `T`, such as `Json<T>`: as [`Respond`], but what is wrong with it is wrong with `T`.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be written as JSON: it lacks `Serialize`",
    label = "`{T}` does not implement `Serialize`",
    note = "write `#[derive(Serialize)]` on `{T}` [KR0210]"
)]
pub trait Answer<T> {
    #[doc(hidden)]
    fn respond(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<T, X: IntoResponse> Answer<T> for X {
    fn respond(self) -> Response {
        let response = self.into_response();
        // axum answers with the serializer's words when a value cannot be written; they are not for the client.
        if response.status() == StatusCode::INTERNAL_SERVER_ERROR && is_plain_text(&response) {
            return unwritten(response);
        }
        response
    }
}

fn unwritten(response: Response) -> Response {
    let text = to_bytes(response.into_body(), usize::MAX).now_or_never();
    let cause = text.and_then(Result::ok).unwrap_or_default();
    let cause = String::from_utf8_lossy(&cause);
    tracing::error!(%cause, "what a handler returned cannot be written");
    Problem::internal().into_response()
}

/// What a handler may return as the error of a `Result`.
#[diagnostic::on_unimplemented(
    message = "the error type `{Self}` cannot be turned into a response",
    label = "not a response",
    note = "return `Problem` as the error, such as `Problem::bad_request(\"…\")`, or implement `IntoResponse` for `{Self}` [KR0211]"
)]
pub trait Fail {
    #[doc(hidden)]
    fn respond(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<E: IntoResponse> Fail for E {
    fn respond(self) -> Response {
        self.into_response()
    }
}

/// Looks at what a handler returned, to see whether it commits.
///
/// `Err` rolls back, everything else commits. A method of the type itself wins over a trait's, so a `Result` is asked for
/// its variant under whatever alias it was written, and every other type falls through to [`Commits`].
pub struct Judge<'a, T>(pub &'a T);

impl<T, E> Judge<'_, Result<T, E>> {
    /// Whether the drafts are to be committed.
    #[must_use]
    pub fn commits(&self) -> bool {
        self.0.is_ok()
    }
}

/// What is not a `Result` commits.
pub trait Commits {
    /// Whether the drafts are to be committed.
    fn commits(&self) -> bool {
        true
    }
}

impl<T> Commits for Judge<'_, T> {}

/// What the handler returned, and what that means for the drafts.
pub fn ran<T>(output: T, commits: bool) -> Ran<T> {
    Ran { output, commits }
}
