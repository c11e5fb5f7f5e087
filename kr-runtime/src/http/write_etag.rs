//! Changes on a route with `etag`: under the lock, and before the function runs, the conditions of the request are compared
//! with the revision. A successful response has the tag of the commit.

use super::blocking::off_the_workers;
use super::bound_handler::{BoundHandler, ResolvedCall};
use super::extraction::Extraction;
use super::pipeline::{run_write, run_write_async};
use super::precondition::Preconditions;
use super::problem::Problem;
use super::read_etag::rejected;
use super::respond::WriteOutput;
use super::response_future::ResponseFuture;
use super::write_call::{Released, WriteCall};
use crate::transaction::{Arguments, Decision, HandlerOutput, handler_output};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use tokio::time::timeout;

/// As [`write`](super::pipeline::write), with conditions.
pub fn write_etag<A: Send + 'static, T: WriteOutput>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: impl FnOnce(A, &mut Arguments) -> HandlerOutput<T> + Send + 'static,
    respond: impl FnOnce(T) -> Response + Send + 'static,
) -> ResponseFuture {
    let conditions = match conditions(&request) {
        Ok(conditions) => conditions,
        Err(problem) => return rejected(handler.info, problem),
    };
    let run = move |extracted, call: WriteCall| match call.admit(&conditions) {
        Ok(call) => call.run(extracted, run, respond),
        Err(refused) => *refused,
    };
    run_write(handler, request, extract, resolve, Box::new(run))
}

/// As [`write_blocking`](super::pipeline::write_blocking), with conditions.
pub fn write_etag_blocking<A: Send + 'static, T: WriteOutput>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: impl FnOnce(A, &mut Arguments) -> HandlerOutput<T> + Send + 'static,
    respond: impl FnOnce(T) -> Response + Send + 'static,
) -> ResponseFuture {
    let conditions = match conditions(&request) {
        Ok(conditions) => conditions,
        Err(problem) => return rejected(handler.info, problem),
    };
    let run = move |extracted, call: WriteCall| -> BoxFuture<'static, Released> {
        let tracker = call.handler.off_the_workers.clone();
        Box::pin(off_the_workers(tracker, move || {
            match call.admit(&conditions) {
                Ok(mut call) => {
                    call.transaction.set_task();
                    call.run(extracted, run, respond)
                }
                Err(refused) => *refused,
            }
        }))
    };
    run_write_async(handler, request, extract, resolve, Box::new(run))
}

/// As [`write_async`](super::pipeline::write_async), with conditions.
pub fn write_etag_async<A: Send + 'static, T: WriteOutput, F>(
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
    let conditions = match conditions(&request) {
        Ok(conditions) => conditions,
        Err(problem) => return rejected(handler.info, problem),
    };
    let run = move |extracted, call: WriteCall| -> BoxFuture<'static, Released> {
        Box::pin(async move {
            let mut call = match call.admit(&conditions) {
                Ok(call) => call,
                Err(refused) => return *refused,
            };
            call.transaction.set_task();
            let before = call.transaction.arguments.revision();
            let arguments = std::mem::take(&mut call.transaction.arguments);
            match timeout(call.handler.hold_timeout, run(extracted, arguments)).await {
                Ok((output, arguments)) => {
                    call.transaction.arguments = arguments;
                    call.finish_tagged(before, output, respond)
                }
                Err(_) => Released::Response(call.hold_timed_out()),
            }
        })
    };
    run_write_async(handler, request, extract, resolve, Box::new(run))
}

/// The conditions of a request. The error is for those that kr cannot understand.
fn conditions(request: &Request) -> Result<Preconditions, Problem> {
    Preconditions::of(request.method(), request.headers())
}

impl WriteCall {
    /// The call, or the response if its states are not those that the request is about.
    fn admit(mut self, conditions: &Preconditions) -> Result<Self, Box<Released>> {
        if conditions.is_empty() {
            return Ok(self);
        }
        let tags = self.handler.tags;
        let revision = self.transaction.arguments.revision();
        let tag = revision.map(|revision| tags.tag(revision));
        match conditions.admit_change(tag.as_ref()) {
            Ok(()) => Ok(self),
            // What it was compared with may not be durable yet, so this waits as any other response does.
            Err(problem) => {
                self.transaction.put_back();
                let refused = handler_output(problem, Decision::RollBack);
                Err(Box::new(self.finish(refused, IntoResponse::into_response)))
            }
        }
    }

    fn run<A, T: WriteOutput>(
        mut self,
        extracted: A,
        run: impl FnOnce(A, &mut Arguments) -> HandlerOutput<T>,
        respond: impl FnOnce(T) -> Response + Send + 'static,
    ) -> Released {
        let before = self.transaction.arguments.revision();
        let output = run(extracted, &mut self.transaction.arguments);
        self.warn_long_hold();
        self.finish_tagged(before, output, respond)
    }

    /// As [`finish`](Self::finish), with the tag of what is there afterwards. `before` is the revision before.
    fn finish_tagged<T: WriteOutput>(
        self,
        before: Option<u64>,
        output: HandlerOutput<T>,
        respond: impl FnOnce(T) -> Response + Send + 'static,
    ) -> Released {
        let tags = self.handler.tags;
        let is_removed = output.decision == Decision::Commit && self.transaction.removes();
        self.finish_at(output, move |output, commit| {
            let revision = match is_removed {
                true => None,
                false => commit.or(before),
            };
            tags.tagged(revision, respond(output))
        })
    }
}
