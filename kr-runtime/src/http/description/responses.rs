//! What responses the outputs of handlers become.

use super::operation::{Content, Status};
use super::own::{DescribeResponse, Responses};
use super::type_schema::TypeSchema;
use crate::http::problem::Problem;
use crate::transaction::Update;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, NoContent, Redirect, Response, Sse};
use schemars::JsonSchema;
use std::borrow::Cow;
use std::convert::Infallible;

/// Output that is always a 200.
fn ok(responses: &mut Responses<'_>, content: Content) {
    responses.respond(Status::Exactly(200), Some(content));
}

impl<T: JsonSchema> DescribeResponse for Json<T> {
    fn describe(responses: &mut Responses<'_>) {
        responses.json::<T>(StatusCode::OK);
    }
}

impl<T> DescribeResponse for Html<T> {
    fn describe(responses: &mut Responses<'_>) {
        ok(responses, Content::Text("text/html"));
    }
}

impl<S> DescribeResponse for Sse<S> {
    fn describe(responses: &mut Responses<'_>) {
        ok(responses, Content::Text("text/event-stream"));
    }
}

/// Text and bytes.
macro_rules! describes_content {
    ($($ty:ty: $content:expr;)*) => {
        $(impl DescribeResponse for $ty {
            fn describe(responses: &mut Responses<'_>) {
                ok(responses, $content);
            }
        })*
    };
}

describes_content! {
    &str: Content::Text("text/plain");
    String: Content::Text("text/plain");
    Box<str>: Content::Text("text/plain");
    Cow<'_, str>: Content::Text("text/plain");
    &[u8]: Content::Bytes("application/octet-stream");
    Vec<u8>: Content::Bytes("application/octet-stream");
    Box<[u8]>: Content::Bytes("application/octet-stream");
    Bytes: Content::Bytes("application/octet-stream");
}

/// Responses without a body.
macro_rules! describes_status {
    ($($ty:ty: $status:expr;)*) => {
        $(impl DescribeResponse for $ty {
            fn describe(responses: &mut Responses<'_>) {
                responses.respond($status, None);
            }
        })*
    };
}

describes_status! {
    (): Status::Exactly(200);
    HeaderMap: Status::Exactly(200);
    NoContent: Status::Exactly(204);
    Redirect: Status::Redirect;
    StatusCode: Status::Named;
}

impl<K, V, const N: usize> DescribeResponse for [(K, V); N] {
    fn describe(responses: &mut Responses<'_>) {
        responses.respond(Status::Exactly(200), None);
    }
}

impl DescribeResponse for Problem {
    fn describe(responses: &mut Responses<'_>) {
        let problem = Content::Value("application/problem+json", TypeSchema::of::<Self>());
        responses.respond(Status::Problem, Some(problem));
    }
}

impl DescribeResponse for Response {
    fn describe(responses: &mut Responses<'_>) {
        responses.to.anything(responses.place);
    }
}

impl DescribeResponse for Body {
    fn describe(responses: &mut Responses<'_>) {
        ok(responses, Content::Bytes("*/*"));
    }
}

impl DescribeResponse for Infallible {
    fn describe(_: &mut Responses<'_>) {}
}

impl<T: DescribeResponse> DescribeResponse for Update<T> {
    fn describe(responses: &mut Responses<'_>) {
        T::describe(responses);
    }
}

// Generated code takes these apart by itself, unless they are behind another name.

impl<T: DescribeResponse, E: DescribeResponse> DescribeResponse for Result<T, E> {
    fn describe(responses: &mut Responses<'_>) {
        T::describe(responses);
        E::describe(&mut responses.at(|place| place.is_error = true));
    }
}

impl<T: DescribeResponse> DescribeResponse for (StatusCode, T) {
    fn describe(responses: &mut Responses<'_>) {
        T::describe(&mut responses.at(|place| place.has_status = true));
    }
}
