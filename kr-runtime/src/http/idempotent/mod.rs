//! Routes with `idempotent`: a request with an `Idempotency-Key` is done once, however often a client sends it.
//!
//! The request is compared with those that were done before anything else is looked at. A new one goes the way of every
//! [handler that changes state](super::pipeline), but for its end: the response is made before the commit, and [kept](stored_response)
//! with it. What cannot be kept is rolled back, since it would be done again.

mod claim;
mod key;
mod settings;
mod stored_response;

pub use settings::Idempotency;
pub(crate) use settings::IdempotentCalls;

use super::blocking::off_the_workers;
use super::bound_handler::{BoundHandler, ResolvedCall};
use super::extraction::Extraction;
use super::observation::{Outcome, RequestTrace};
use super::pipeline::{run_write, run_write_async};
use super::respond::WriteOutput;
use super::response_future::{ResponseFuture, response_future};
use super::write_call::{Released, WriteCall};
use crate::store::RunningCall;
use crate::transaction::{Arguments, Decision, HandlerOutput, handler_output};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use std::mem;
use std::sync::Arc;
use tokio::time::timeout;
use tracing::Span;

/// As [`write`](super::write()), of a route with `idempotent`.
pub fn write_idempotent<A: Send + 'static, T: WriteOutput>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: impl FnOnce(A, &mut Arguments) -> HandlerOutput<T> + Send + 'static,
    respond: impl FnOnce(T) -> Response + Send + 'static,
) -> ResponseFuture {
    once(handler, request, move |handler, request, running| {
        let run = move |extracted, mut call: WriteCall| {
            let output = run(extracted, &mut call.transaction.arguments);
            call.warn_long_hold();
            finish(call, output, respond, running)
        };
        run_write(handler, request, extract, resolve, Box::new(run))
    })
}

/// As [`write_blocking`](super::write_blocking), of a route with `idempotent`.
pub fn write_idempotent_blocking<A: Send + 'static, T: WriteOutput>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: impl FnOnce(A, &mut Arguments) -> HandlerOutput<T> + Send + 'static,
    respond: impl FnOnce(T) -> Response + Send + 'static,
) -> ResponseFuture {
    once(handler, request, move |handler, request, running| {
        let run = move |extracted, mut call: WriteCall| -> BoxFuture<'static, Released> {
            let tracker = call.handler.off_the_workers.clone();
            Box::pin(off_the_workers(tracker, move || {
                call.transaction.set_task();
                let output = run(extracted, &mut call.transaction.arguments);
                call.warn_long_hold();
                finish(call, output, respond, running)
            }))
        };
        run_write_async(handler, request, extract, resolve, Box::new(run))
    })
}

/// As [`write_async`](super::write_async), of a route with `idempotent`.
pub fn write_idempotent_async<A: Send + 'static, T: WriteOutput, F>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: impl FnOnce(A, Arguments) -> F + Send + 'static,
    respond: impl FnOnce(T) -> Response + Send + 'static,
) -> ResponseFuture
where
    F: Future<Output = (HandlerOutput<T>, Arguments)> + Send + 'static,
{
    once(handler, request, move |handler, request, running| {
        let run = move |extracted, mut call: WriteCall| -> BoxFuture<'static, Released> {
            let run = run(extracted, mem::take(&mut call.transaction.arguments));
            Box::pin(async move {
                call.transaction.set_task();
                match timeout(call.handler.hold_timeout, run).await {
                    Ok((output, states)) => {
                        call.transaction.arguments = states;
                        finish(call, output, respond, running)
                    }
                    Err(_) => Released::Response(call.hold_timed_out()),
                }
            })
        };
        run_write_async(handler, request, extract, resolve, Box::new(run))
    })
}

/// Starts the call, unless the request has a key and was done, or is being done. Without a key it is done each time.
fn once(
    handler: Arc<BoundHandler>,
    request: Request,
    start: impl FnOnce(Arc<BoundHandler>, Request, Option<RunningCall>) -> ResponseFuture
    + Send
    + 'static,
) -> ResponseFuture {
    match key::is_given(request.headers()) {
        false => start(handler, request, None),
        true => once_by_key(handler, request, Box::new(start)),
    }
}

type Start =
    Box<dyn FnOnce(Arc<BoundHandler>, Request, Option<RunningCall>) -> ResponseFuture + Send>;

fn once_by_key(handler: Arc<BoundHandler>, request: Request, start: Start) -> ResponseFuture {
    response_future(handler.info, Span::none(), async move {
        match claim::claim(&handler.idempotent_calls, handler.info, request).await {
            Ok((request, running)) => start(handler, request, Some(running)).await,
            Err(response) => {
                let mut trace = RequestTrace::begin(handler.info);
                trace.end(match response.status().is_success() {
                    true => Outcome::Replayed,
                    false => Outcome::Rejected,
                });
                response
            }
        }
    })
}

/// Ends a call. If it commits, its response is made first, and kept with the commit.
fn finish<T: Send + 'static>(
    call: WriteCall,
    output: HandlerOutput<T>,
    respond: impl FnOnce(T) -> Response + Send + 'static,
    running: Option<RunningCall>,
) -> Released {
    let running = match running {
        Some(running) if output.decision != Decision::RollBack => running,
        // A call that rolls back may be tried again from now on.
        _ => return call.finish(output, respond),
    };
    let HandlerOutput { output, decision } = output;
    let response = respond(output);
    if response.status().is_server_error() {
        return call.finish(handler_output(response, Decision::RollBack), |response| {
            response
        });
    }
    let longest = call.handler.idempotent_calls.max_response_bytes();
    match stored_response::encode(response, longest) {
        Ok((response, bytes)) => call.finish_keeping(decision, response, running.keep(bytes)),
        Err(problem) => {
            call.warn_not_kept();
            call.finish(
                handler_output(problem, Decision::RollBack),
                IntoResponse::into_response,
            )
        }
    }
}
