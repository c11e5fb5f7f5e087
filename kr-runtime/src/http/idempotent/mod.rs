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

use super::bound_handler::BoundHandler;
use super::observation::RequestTrace;
use super::outcome::Outcome;
use super::problem::Problem;
use super::recorder::Recorder;
use super::respond::WriteOutput;
use super::response_future::{ResponseFuture, response_future};
use super::write_call::{Released, WriteCall};
use super::write_mode::WriteMode;
use crate::store::RunningCall;
use crate::transaction::{Decision, HandlerOutput, handler_output};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tracing::Span;

/// A response that is kept, beside what `M` adds.
pub struct Once<M> {
    /// `None` if the request has no key: then it is done each time.
    running: Option<RunningCall>,
    mode: M,
}

type Start =
    Box<dyn FnOnce(Arc<BoundHandler>, Request, Option<RunningCall>) -> ResponseFuture + Send>;

impl<M: WriteMode> WriteMode for Once<M> {
    /// Whether the request was done comes first: a repetition gets its response although the state has moved on.
    fn start(
        handler: Arc<BoundHandler>,
        request: Request,
        call: impl FnOnce(Arc<BoundHandler>, Request, Self) -> ResponseFuture + Send + 'static,
    ) -> ResponseFuture {
        let start = |handler, request, running| {
            M::start(handler, request, |handler, request, mode| {
                call(handler, request, Self { running, mode })
            })
        };
        match key::is_given(request.headers()) {
            false => start(handler, request, None),
            true => start_by_key(handler, request, Box::new(start)),
        }
    }

    fn admit(&mut self, call: &mut WriteCall) -> Result<(), Problem> {
        self.mode.admit(call)
    }

    fn early_response(&self, call: &WriteCall, decision: Decision, response: Response) -> Response {
        self.mode.early_response(call, decision, response)
    }

    /// If the call commits, its response is made first, and kept with the commit.
    fn finish<T: WriteOutput>(
        self,
        call: WriteCall,
        output: HandlerOutput<T>,
        respond: impl FnOnce(T) -> Response + Send + 'static,
    ) -> Released {
        let running = match self.running {
            Some(running) if output.decision != Decision::RollBack => running,
            // A call that rolls back may be tried again from now on.
            _ => return self.mode.finish(call, output, respond),
        };
        let HandlerOutput { output, decision } = output;
        let response = self.mode.early_response(&call, decision, respond(output));
        if response.status().is_server_error() {
            let failed = handler_output(response, Decision::RollBack);
            return call.finish(failed, |response| response);
        }
        let longest = call.handler.idempotent_calls.max_response_bytes();
        match stored_response::encode(response, longest) {
            Ok((response, bytes)) => call.finish_keeping(decision, response, running.keep(bytes)),
            Err(problem) => {
                call.warn_not_kept();
                let failed = handler_output(problem, Decision::RollBack);
                call.finish(failed, IntoResponse::into_response)
            }
        }
    }
}

/// Starts the call, unless it was done, or is being done.
fn start_by_key(handler: Arc<BoundHandler>, request: Request, start: Start) -> ResponseFuture {
    response_future(handler.info, Span::none(), async move {
        match claim::claim(&handler.idempotent_calls, handler.info, request).await {
            Ok((request, running)) => start(handler, request, Some(running)).await,
            Err(response) => {
                let mut trace = RequestTrace::begin(handler.info, Recorder::of(&handler));
                trace.end(match response.status().is_success() {
                    true => Outcome::Replayed,
                    false => Outcome::Rejected,
                });
                response
            }
        }
    })
}
