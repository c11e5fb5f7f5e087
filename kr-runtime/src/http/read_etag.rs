//! Reads of a route with `etag`: the response has the revision as its tag, and a client that has it gets 304.

use super::bound_handler::BoundHandler;
use super::entity_tag::EntityTags;
use super::not_modified::not_modified;
use super::observation::RequestTrace;
use super::precondition::Preconditions;
use super::problem::Problem;
use super::recorder::Recorder;
use super::response_future::{ResponseFuture, response_future};
use crate::check::HandlerInfo;
use crate::store::Stamp;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::future::ready;
use tracing::Span;

/// What a read of a route with `etag` does beside the ordinary.
pub struct ReadEtag {
    info: &'static HandlerInfo,
    conditions: Result<Preconditions, Problem>,
}

/// Of a request.
pub fn read_etag(handler: &BoundHandler, request: &Request) -> (ReadEtag, EntityTags) {
    let etag = ReadEtag {
        info: handler.info,
        conditions: Preconditions::of(request.method(), request.headers()),
    };
    (etag, handler.tags)
}

impl EntityTags {
    /// Gives a successful response its tag, unless it has one of its own. Without a revision there is no instance, which has
    /// no tag.
    #[must_use]
    pub fn tagged(self, revision: Option<Stamp>, mut response: Response) -> Response {
        if let Some(revision) = revision
            && response.status().is_success()
        {
            let tag = response.headers_mut().entry(header::ETAG);
            tag.or_insert_with(|| self.tag(revision));
        }
        response
    }
}

impl ReadEtag {
    /// The response of the read, or what its conditions make of it.
    // The conditions are looked at when there is a response: what is an error without them is one with them.
    pub fn respond(self, read: impl FnOnce() -> ResponseFuture) -> ResponseFuture {
        match self.conditions {
            Ok(conditions) if conditions.is_empty() => read(),
            Ok(conditions) => {
                let response = read();
                let response = async move { conditional(&conditions, response.await) };
                response_future(self.info, Span::none(), response)
            }
            Err(problem) => rejected(self.info, problem),
        }
    }
}

/// The response for a condition that cannot be understood. Nothing of the request has been extracted.
pub(super) fn rejected(info: &'static HandlerInfo, problem: Problem) -> ResponseFuture {
    let mut trace = RequestTrace::begin(info, Recorder::of_info(info));
    let response = trace.rejected(problem.into_response());
    response_future(info, trace.span(), ready(response))
}

fn conditional(conditions: &Preconditions, response: Response) -> Response {
    let is_cached = response.status() == StatusCode::NOT_MODIFIED;
    if !response.status().is_success() && !is_cached {
        return response;
    }
    let tag = response.headers().get(header::ETAG);
    if let Err(problem) = conditions.admit(tag) {
        return problem.into_response();
    }
    match tag.is_some_and(|tag| conditions.is_known(tag)) {
        true if !is_cached => not_modified(&response.into_parts().0),
        _ => response,
    }
}
