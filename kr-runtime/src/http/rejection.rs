//! What extractors reject, in the one shape that all errors have.

use super::body_meter::BodyFailure;
use super::problem::{Problem, close_connection};
use super::serde_message;
use super::shorten::shorten;
use crate::snapshot;
use crate::sync::log;
use axum::body::to_bytes;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_path_to_error::Error as ErrorWithPath;
use std::any::Any;
use std::borrow::Cow;
use std::error::Error;

/// The text of a rejection is a line or two; anything longer was meant as a page of its own.
const LONGEST_TEXT: usize = 64 * 1024;

/// The response for an extractor that rejected the request, in whatever shape it has.
pub(crate) fn response<R: IntoResponse + 'static>(rejection: R) -> Response {
    match (&rejection as &dyn Any).downcast_ref::<JsonRejection>() {
        Some(json) => of_json(json).into_response(),
        None => rejection.into_response(),
    }
}

/// A body that is JSON of the wrong shape is a bad request, like one that is not JSON: the client can fix both, and both say
/// where.
fn of_json(rejection: &JsonRejection) -> Problem {
    match rejection {
        JsonRejection::JsonDataError(error) => Problem::bad_request(where_in_json(error)),
        JsonRejection::JsonSyntaxError(error) => Problem::bad_request(where_in_json(error)),
        JsonRejection::MissingJsonContentType(_) => Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the body must be JSON; send it with `Content-Type: application/json`",
        ),
        other => Problem::new(other.status(), short(&other.body_text())),
    }
}

/// `notes[3]: invalid type: integer `5`, expected a string (line 1, column 20 of the body)`
///
/// A snapshot inside the body brings a position of its own, which is the one that helps.
fn where_in_json(error: &(dyn Error + 'static)) -> String {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<ErrorWithPath<serde_json::Error>>() {
            return describe(&error.path().to_string(), error.inner());
        }
        // What comes after the value has no path.
        if let Some(error) = error.downcast_ref::<serde_json::Error>() {
            return describe("", error);
        }
        cause = error.source();
    }
    short(&error.to_string())
}

/// A text of an extractor's, without the names of Rust types.
fn short(text: &str) -> String {
    shorten(&serde_message::without_types(text)).into_owned()
}

fn describe(path: &str, error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let text = text
        .strip_suffix(&format!(" at line {line} column {column}"))
        .unwrap_or(&text);
    let member = match path {
        // `?` is a member whose name was not read.
        "" | "." | "?" => String::new(),
        path => format!("{}: ", shorten(path.strip_suffix(".?").unwrap_or(path))),
    };
    if let Some(text) = text.strip_prefix(snapshot::SNAPSHOT_ERROR_PREFIX) {
        return format!("{member}{}", shorten(text));
    }
    let text = match text {
        // Said of a value with a path, it is about an array whose elements have all been read.
        "trailing characters" if !path.is_empty() => Cow::Borrowed("expected the end of the array"),
        text => serde_message::without_types(text),
    };
    let text = shorten(&text);
    format!("{member}{text} (line {line}, column {column} of the body)")
}

/// The response for a path segment that is not of the argument's type.
pub(crate) fn of_path(rejection: PathRejection, names: &[&str]) -> Response {
    let name = |index: usize| names.get(index).copied().unwrap_or("path");
    if let PathRejection::FailedToDeserializePathParams(failed) = &rejection {
        let wrong = match failed.kind() {
            ErrorKind::ParseErrorAtIndex {
                index,
                value,
                expected_type,
            } => Some((name(*index), value, *expected_type)),
            ErrorKind::ParseError {
                value,
                expected_type,
            } => Some((name(0), value, *expected_type)),
            _ => None,
        };
        if let Some((name, value, expected)) = wrong {
            return Problem::bad_request(format!(
                "path segment `{name}`: `{}` is not {}",
                shorten(value),
                serde_message::of_type(expected).unwrap_or("valid")
            ))
            .into_response();
        }
        if failed.status().is_client_error() {
            return Problem::new(failed.status(), short(&failed.body_text())).into_response();
        }
    }
    let cause = rejection.to_string();
    log::error!("a path could not be read: {}", shorten(&cause));
    Problem::internal().into_response()
}

/// Turns a plain-text error into a [`Problem`]. Responses with a shape of their own, such as redirects or JSON, pass.
pub(crate) async fn into_problem<T>(extracted: Result<T, Response>) -> Result<T, Response> {
    match extracted {
        Ok(extracted) => Ok(extracted),
        Err(response) => Err(to_problem(response).await),
    }
}

async fn to_problem(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let bare = !response.headers().contains_key(header::CONTENT_TYPE);
    if !is_error || !(bare || is_plain_text(&response)) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let text = to_bytes(body, LONGEST_TEXT).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let problem = if status.is_server_error() {
        log::error!(%status, "an extractor failed: {}", shorten(&text));
        Problem::new(status, Problem::internal().detail().to_owned())
    } else if text.is_empty() {
        Problem::new(
            status,
            status.canonical_reason().unwrap_or("error").to_lowercase(),
        )
    } else {
        Problem::new(status, short(&text))
    };
    let mut response = problem.into_response();
    for (name, value) in &parts.headers {
        if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
            response.headers_mut().append(name, value.clone());
        }
    }
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        close_connection(&mut response);
    }
    response
}

/// The response for a body that could not be received.
pub(crate) fn of_body(failure: BodyFailure) -> Response {
    let status = match failure {
        BodyFailure::TooSlow => StatusCode::REQUEST_TIMEOUT,
        BodyFailure::OutOfMemory | BodyFailure::Stopping => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut response = Problem::new(status, failure.message()).into_response();
    close_connection(&mut response);
    response
}

/// Whether a response says that it is plain text.
pub(crate) fn is_plain_text(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"))
}
