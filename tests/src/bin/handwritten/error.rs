//! Errors, as JSON with an `error` member.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kr_runtime::clixml;
use serde::Serialize;
use std::borrow::Cow;

pub(crate) struct Error(StatusCode, Cow<'static, str>);

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        (self.0, Json(Body { error: &self.1 })).into_response()
    }
}

impl From<&'static str> for Error {
    fn from(text: &'static str) -> Self {
        Self(StatusCode::BAD_REQUEST, text.into())
    }
}

impl From<String> for Error {
    fn from(text: String) -> Self {
        Self(StatusCode::BAD_REQUEST, text.into())
    }
}

/// The state cannot be serialized.
impl From<clixml::Error> for Error {
    fn from(_: clixml::Error) -> Self {
        Self(
            StatusCode::INTERNAL_SERVER_ERROR,
            "an internal server error occurred".into(),
        )
    }
}
