//! Errors as clients see them: RFC 9457.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// An error response in the shape of [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), `application/problem+json`.
///
/// Besides the standard members it has `error`, with the same text as `detail`, for clients of Kestrun's services. All of
/// kr's own errors have this shape. Return it from your handlers as the error of a `Result`, which rolls the call back.
///
/// ```
/// use kr_runtime::prelude::*;
///
/// fn check(note: &str) -> Result<(), Problem> {
///     if note.trim().is_empty() {
///         return Err(Problem::bad_request("note is required"));
///     }
///     Ok(())
/// }
///
/// let problem = check(" ").unwrap_err();
/// assert_eq!(problem.status(), StatusCode::BAD_REQUEST);
/// assert_eq!(problem.to_string(), "400 Bad Request: note is required");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    status: StatusCode,
    detail: Cow<'static, str>,
    members: Map<String, Value>,
}

/// How many seconds a client should wait before it tries again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

impl Problem {
    /// A problem with that status. `detail` is for the client: what was wrong, and what to do.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            detail: detail.into(),
            members: Map::new(),
        }
    }

    /// 400: the request is wrong, and `detail` says how.
    pub fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 404: there is nothing of that name.
    pub fn not_found(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// 409: the request does not fit the state.
    pub fn conflict(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    /// 500, without internals; log the cause yourself.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "an internal server error occurred",
        )
    }

    /// 503 with `Retry-After: 1`: it may work in a second.
    pub fn unavailable(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    }

    /// Adds a member. The standard ones (`type`, `title`, `status`, `detail`, `error`) stay as they are.
    #[must_use]
    pub fn with(mut self, member: impl Into<String>, value: impl Into<Value>) -> Self {
        self.members.insert(member.into(), value.into());
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What was wrong.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    error: &'a str,
    #[serde(flatten)]
    members: &'a Map<String, Value>,
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        for standard in ["type", "title", "status", "detail", "error"] {
            self.members.remove(standard);
        }
        let body = Body {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            error: &self.detail,
            members: &self.members,
        };
        // Strings and JSON values always serialise.
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}

/// Says that this is the last response on its connection, because the body of the request is left unread.
pub(super) fn close_connection(response: &mut Response) {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status, self.detail)
    }
}

impl std::error::Error for Problem {}
