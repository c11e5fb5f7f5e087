//! What the extractors of axum and of kr take of a request.

use super::operation::Content;
use super::own::{DescribeRequest, RequestParts};
use super::type_schema::TypeSchema;
use crate::http::stop_token::StopToken;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Form, Query, RawForm, RawPathParams, RawQuery, Request, State};
use axum::http::{Extensions, HeaderMap, Method, Uri, Version};
use axum::{Extension, Json};
use schemars::JsonSchema;

impl<T: JsonSchema> DescribeRequest for Json<T> {
    fn describe(RequestParts(to): &mut RequestParts<'_>) {
        to.json(TypeSchema::of::<T>());
    }
}

impl<T: JsonSchema> DescribeRequest for Form<T> {
    fn describe(RequestParts(to): &mut RequestParts<'_>) {
        to.form(TypeSchema::of::<T>());
    }
}

impl<T: JsonSchema> DescribeRequest for Query<T> {
    fn describe(RequestParts(to): &mut RequestParts<'_>) {
        to.query(TypeSchema::of::<T>());
    }
}

impl<T: DescribeRequest> DescribeRequest for Option<T> {
    fn describe(RequestParts(to): &mut RequestParts<'_>) {
        to.optional(|to| T::describe(&mut RequestParts(to)));
    }
}

impl<T: DescribeRequest, R> DescribeRequest for Result<T, R> {
    fn describe(RequestParts(to): &mut RequestParts<'_>) {
        to.unrejected(|to| T::describe(&mut RequestParts(to)));
    }
}

impl DescribeRequest for String {
    fn describe(RequestParts(to): &mut RequestParts<'_>) {
        to.rejects([400]);
        to.body(Content::Text("text/plain"));
    }
}

impl DescribeRequest for Bytes {
    fn describe(RequestParts(to): &mut RequestParts<'_>) {
        to.optional(|to| to.body(Content::Bytes("*/*")));
    }
}

impl DescribeRequest for Body {
    fn describe(request: &mut RequestParts<'_>) {
        Bytes::describe(request);
    }
}

impl DescribeRequest for Request {
    fn describe(request: &mut RequestParts<'_>) {
        Bytes::describe(request);
    }
}

impl DescribeRequest for RawForm {
    fn describe(RequestParts(to): &mut RequestParts<'_>) {
        to.rejects([400, 415]);
        let form = "application/x-www-form-urlencoded";
        to.optional(|to| to.body(Content::Bytes(form)));
    }
}

#[cfg(feature = "multipart")]
impl DescribeRequest for axum::extract::Multipart {
    fn describe(RequestParts(to): &mut RequestParts<'_>) {
        to.rejects([400]);
        to.body(Content::Bytes("multipart/form-data"));
    }
}

/// Extractors of what every request has, or of what layers have added.
macro_rules! describes_nothing {
    ($($(#[$attribute:meta])* $extractor:ty $(, $generic:ident)?;)*) => {
        $($(#[$attribute])* impl$(<$generic>)? DescribeRequest for $extractor {
            fn describe(_: &mut RequestParts<'_>) {}
        })*
    };
}

describes_nothing! {
    ();
    ConnectInfo<T>, T;
    Extension<T>, T;
    Extensions;
    HeaderMap;
    Method;
    RawPathParams;
    RawQuery;
    State<T>, T;
    StopToken;
    Uri;
    Version;
    #[cfg(feature = "matched-path")] axum::extract::MatchedPath;
    #[cfg(feature = "original-uri")] axum::extract::OriginalUri;
}
