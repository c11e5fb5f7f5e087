//! Live responses: a client that asks for `text/event-stream` gets the response again after every commit.
//!
//! All listeners of one path share a [feed](feeds). Its [producer] makes the response once for each commit, and a
//! [listener] is a stream of the newest one: who reads slowly skips the rest. The format is that of
//! [Server-Sent Events](https://html.spec.whatwg.org/multipage/server-sent-events.html).

mod event;
mod feeds;
mod listener;
mod producer;
mod source;

pub(crate) use feeds::Feeds;

use super::bound_handler::{BoundHandler, ResolvedCall};
use super::extraction::{Extraction, nothing};
use super::observation::RequestTrace;
use super::outcome::Outcome;
use super::pipeline::read;
use super::read_cached::read_cached;
use super::recorder::Recorder;
use super::resolve::resolve_fixed;
use super::response_future::{ResponseFuture, response_future};
use crate::transaction::Arguments;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use source::Source;
use std::sync::Arc;

/// A plain function of the borrowed states and of captures, whose response can be followed.
pub fn live<A: Send + 'static>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: impl Fn(A, &mut Arguments) -> Response + Send + Sync + 'static,
) -> ResponseFuture {
    let run = move |arguments, states: &mut Arguments| varying(run(arguments, states));
    match asks_for_events(&request) {
        true => follow(Source::new(handler, request, extract, resolve, run)),
        false => read(handler, request, extract, resolve, run),
    }
}

/// As [`live`], of a function whose response is cached for those that do not follow it.
pub fn live_cached(
    handler: Arc<BoundHandler>,
    request: Request,
    run: impl Fn(&mut Arguments) -> Response + Send + Sync + 'static,
) -> ResponseFuture {
    let run = move |states: &mut Arguments| varying(run(states));
    if asks_for_events(&request) {
        let run = move |(), states: &mut Arguments| run(states);
        return follow(Source::new(handler, request, nothing, resolve_fixed, run));
    }
    read_cached(handler, request, run)
}

fn follow<A: Send + 'static>(source: Source<A>) -> ResponseFuture {
    let info = source.handler.info;
    let mut trace = RequestTrace::begin(info, Recorder::of(&source.handler));
    response_future(info, trace.span(), async move {
        let response = listener::open(Arc::new(source)).await;
        trace.end(Outcome::Read);
        response
    })
}

/// The same path has two responses, and caches have to know.
fn varying(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// Whether the client asks for an event stream, as a browser's `EventSource` does.
fn asks_for_events(request: &Request) -> bool {
    let accepted = request.headers().get_all(header::ACCEPT).iter();
    let mut types = accepted
        .filter_map(|accepted| accepted.to_str().ok())
        .flat_map(|accepted| accepted.split(','))
        .map(|one| one.split(';').next().unwrap_or_default().trim());
    request.method() == Method::GET
        && types.any(|one| one.eq_ignore_ascii_case("text/event-stream"))
}
