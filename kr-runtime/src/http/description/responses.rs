//! What responses the outputs of handlers become.

use super::described::DescribeResponse;
use super::operation::{Content, Description, Place, Status};
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
fn ok(place: Place, content: Content, to: &mut Description) {
    to.respond(place, Status::Exactly(200), Some(content));
}

impl<T: JsonSchema> DescribeResponse for Json<T> {
    fn describe(place: Place, to: &mut Description) {
        to.responds_json(place, TypeSchema::of::<T>());
    }
}

impl<T> DescribeResponse for Html<T> {
    fn describe(place: Place, to: &mut Description) {
        ok(place, Content::Text("text/html"), to);
    }
}

impl<S> DescribeResponse for Sse<S> {
    fn describe(place: Place, to: &mut Description) {
        ok(place, Content::Text("text/event-stream"), to);
    }
}

/// Text and bytes.
macro_rules! describes_content {
    ($($ty:ty: $content:expr;)*) => {
        $(impl DescribeResponse for $ty {
            fn describe(place: Place, to: &mut Description) {
                ok(place, $content, to);
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
            fn describe(place: Place, to: &mut Description) {
                to.respond(place, $status, None);
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
    fn describe(place: Place, to: &mut Description) {
        to.respond(place, Status::Exactly(200), None);
    }
}

impl DescribeResponse for Problem {
    fn describe(place: Place, to: &mut Description) {
        let problem = Content::Value("application/problem+json", TypeSchema::of::<Self>());
        to.respond(place, Status::Problem, Some(problem));
    }
}

impl DescribeResponse for Response {
    fn describe(place: Place, to: &mut Description) {
        to.anything(place);
    }
}

impl DescribeResponse for Body {
    fn describe(place: Place, to: &mut Description) {
        ok(place, Content::Bytes("*/*"), to);
    }
}

impl DescribeResponse for Infallible {
    fn describe(_: Place, _: &mut Description) {}
}

impl<T: DescribeResponse> DescribeResponse for Update<T> {
    fn describe(place: Place, to: &mut Description) {
        T::describe(place, to);
    }
}

// Generated code takes these apart by itself, unless they are behind another name.

impl<T: DescribeResponse, E: DescribeResponse> DescribeResponse for Result<T, E> {
    fn describe(place: Place, to: &mut Description) {
        T::describe(place, to);
        let place = Place {
            is_error: true,
            ..place
        };
        E::describe(place, to);
    }
}

impl<T: DescribeResponse> DescribeResponse for (StatusCode, T) {
    fn describe(place: Place, to: &mut Description) {
        let place = Place {
            has_status: true,
            ..place
        };
        T::describe(place, to);
    }
}
