//! The one order in which a request is answered: extract, acquire the locks, load, run, commit, release, wait until it is
//! durable, respond.
//!
//! `#[kr_route]` says how to extract, what to run and how to respond; the order is here and nowhere else. Only a
//! [cached](super::read_cached) response may skip the load and the run.

use super::blocking::off_the_workers;
use super::bound_handler::{BoundHandler, ResolvedCall};
use super::extraction::Extraction;
use super::observation::RequestTrace;
use super::outcome::Outcome;
use super::problem::Problem;
use super::recorder::Recorder;
use super::refusal::lock_refused;
use super::respond::WriteOutput;
use super::response_future::{ResponseFuture, response_future};
use super::worker_watch::OnWorker;
use super::write_call::{Released, WriteCall};
use super::write_mode::WriteMode;
use crate::check::HandlerInfo;
use crate::host::OwnedPlan;
use crate::snapshot::inherit;
use crate::transaction::{Arguments, HandlerOutput, RunIn};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use std::future::ready;
use std::sync::Arc;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;
use tracing::Span;

// The six functions below are compiled for every handler, so they do as little as possible: each handler's closure is
// boxed, and the rest is compiled once for each type of arguments. The closures capture nothing but the mode, which is empty
// unless the route says otherwise, so boxing them does not allocate.

/// A plain function that changes nothing: no lock, and the response may borrow from the state.
pub fn read<A: Send + 'static>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: impl FnOnce(A, &mut Arguments) -> Response + Send + 'static,
) -> ResponseFuture {
    run_read(handler, request, extract, resolve, Box::new(run))
}

/// An async function that changes nothing.
pub fn read_async<A: Send + 'static, F>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: impl FnOnce(A, Arguments) -> F + Send + 'static,
) -> ResponseFuture
where
    F: Future<Output = Response> + Send + 'static,
{
    let run =
        |extracted, states| -> BoxFuture<'static, Response> { Box::pin(run(extracted, states)) };
    run_read_async(handler, request, extract, resolve, Box::new(run))
}

/// A plain function that changes nothing and takes its time. It runs in a thread of its own.
pub fn read_blocking<A: Send + 'static>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: impl FnOnce(A, &mut Arguments) -> Response + Send + 'static,
) -> ResponseFuture {
    let tracker = handler.off_the_workers.clone();
    let run = |extracted, mut states: Arguments| -> BoxFuture<'static, Response> {
        Box::pin(off_the_workers(tracker, move || {
            run(extracted, &mut states)
        }))
    };
    run_read_async(handler, request, extract, resolve, Box::new(run))
}

/// A plain function that changes state. From the grant to the release nothing is awaited, so nothing can interrupt it.
pub fn write<M: WriteMode, A: Send + 'static, T: WriteOutput>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: impl FnOnce(A, &mut Arguments) -> HandlerOutput<T> + Send + 'static,
    respond: impl FnOnce(T) -> Response + Send + 'static,
) -> ResponseFuture {
    M::start(handler, request, move |handler, request, mut mode| {
        let run = move |extracted, mut call: WriteCall| {
            if let Err(refused) = mode.admit(&mut call) {
                return call.refuse(refused);
            }
            let output = run(extracted, &mut call.transaction.arguments);
            call.warn_long_hold();
            mode.finish(call, output, respond)
        };
        run_write(handler, request, extract, resolve, Box::new(run))
    })
}

/// A plain function that changes state and takes its time. It runs in a thread of its own, once it has its locks.
pub fn write_blocking<M: WriteMode, A: Send + 'static, T: WriteOutput>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: impl FnOnce(A, &mut Arguments) -> HandlerOutput<T> + Send + 'static,
    respond: impl FnOnce(T) -> Response + Send + 'static,
) -> ResponseFuture {
    M::start(handler, request, move |handler, request, mut mode| {
        let run = move |extracted, mut call: WriteCall| -> BoxFuture<'static, Released> {
            if let Err(refused) = mode.admit(&mut call) {
                return Box::pin(ready(call.refuse(refused)));
            }
            let tracker = call.handler.off_the_workers.clone();
            Box::pin(off_the_workers(tracker, move || {
                call.transaction.set_task();
                let output = run(extracted, &mut call.transaction.arguments);
                call.warn_long_hold();
                mode.finish(call, output, respond)
            }))
        };
        run_write_async(handler, request, extract, resolve, Box::new(run))
    })
}

/// An async function that changes state. Once it has its locks it runs in a task of its own, which a client that
/// disconnects does not stop; the hold deadline does.
pub fn write_async<M: WriteMode, A: Send + 'static, T: WriteOutput, F>(
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
    M::start(handler, request, move |handler, request, mut mode| {
        let run = move |extracted, mut call: WriteCall| -> BoxFuture<'static, Released> {
            if let Err(refused) = mode.admit(&mut call) {
                return Box::pin(ready(call.refuse(refused)));
            }
            let running = run(extracted, std::mem::take(&mut call.transaction.arguments));
            Box::pin(async move {
                call.transaction.set_task();
                match timeout(call.handler.hold_timeout, running).await {
                    Ok((output, states)) => {
                        call.transaction.arguments = states;
                        mode.finish(call, output, respond)
                    }
                    Err(_) => Released::Response(call.hold_timed_out()),
                }
            })
        };
        run_write_async(handler, request, extract, resolve, Box::new(run))
    })
}

// A handler with its arguments, up to the response.
type Read<A> = Box<dyn FnOnce(A, &mut Arguments) -> Response + Send>;
type ReadAsync<A> = Box<dyn FnOnce(A, Arguments) -> BoxFuture<'static, Response> + Send>;
type Write<A> = Box<dyn FnOnce(A, WriteCall) -> Released + Send>;
type WriteAsync<A> = Box<dyn FnOnce(A, WriteCall) -> BoxFuture<'static, Released> + Send>;

fn run_read<A: Send + 'static>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: Read<A>,
) -> ResponseFuture {
    let mut trace = RequestTrace::begin(handler.info, Recorder::of(&handler));
    response_future(handler.info, trace.span(), async move {
        let extracted = match extract(request).await {
            Ok(extracted) => extracted,
            Err(rejection) => return trace.rejected(rejection),
        };
        let call = resolve(&extracted, &handler);
        let response = match handler.load(&call, OwnedPlan::load_durable).await {
            Ok(mut states) => {
                let _on_worker = OnWorker::run(handler.info);
                run(extracted, &mut states)
            }
            Err(error) => return trace.refused(&error, lock_refused(handler.info, &error)),
        };
        trace.end(Outcome::Read);
        response
    })
}

fn run_read_async<A: Send + 'static>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: ReadAsync<A>,
) -> ResponseFuture {
    let mut trace = RequestTrace::begin(handler.info, Recorder::of(&handler));
    response_future(handler.info, trace.span(), async move {
        let extracted = match extract(request).await {
            Ok(extracted) => extracted,
            Err(rejection) => return trace.rejected(rejection),
        };
        let call = resolve(&extracted, &handler);
        let running = match handler.load(&call, OwnedPlan::load_durable).await {
            Ok(states) => run(extracted, states),
            Err(error) => return trace.refused(&error, lock_refused(handler.info, &error)),
        };
        let response = running.await;
        trace.end(Outcome::Read);
        response
    })
}

fn run_write<A: Send + 'static>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: Write<A>,
) -> ResponseFuture {
    let mut trace = RequestTrace::begin(handler.info, Recorder::of(&handler));
    response_future(handler.info, trace.span(), async move {
        let extracted = match extract(request).await {
            Ok(extracted) => extracted,
            Err(rejection) => return trace.rejected(rejection),
        };
        if handler.info.extracts {
            trace.extracted();
        }
        let call = resolve(&extracted, &handler);
        let released = match handler.begin(call, RunIn::CurrentTask).await {
            Ok(transaction) => {
                let _on_worker = OnWorker::run(handler.info);
                run(extracted, WriteCall::granted(handler, transaction, trace))
            }
            Err(error) => return trace.refused(&error, lock_refused(handler.info, &error)),
        };
        match released {
            Released::Response(response) => response,
            Released::Pending(response) => response.await,
        }
    })
}

fn run_write_async<A: Send + 'static>(
    handler: Arc<BoundHandler>,
    request: Request,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: WriteAsync<A>,
) -> ResponseFuture {
    let mut trace = RequestTrace::begin(handler.info, Recorder::of(&handler));
    let span = trace.span();
    let (info, running) = (handler.info, handler.running.clone());
    response_future(info, span.clone(), async move {
        let extracted = match extract(request).await {
            Ok(extracted) => extracted,
            Err(rejection) => return trace.rejected(rejection),
        };
        if handler.info.extracts {
            trace.extracted();
        }
        let call = resolve(&extracted, &handler);
        let rest = match handler.begin(call, RunIn::SpawnedTask).await {
            Ok(transaction) => run(extracted, WriteCall::granted(handler, transaction, trace)),
            Err(error) => return trace.refused(&error, lock_refused(handler.info, &error)),
        };
        in_own_task(info, running, span, rest).await
    })
}

/// Runs the rest of a call in a task of its own, which goes on when the request does not.
async fn in_own_task(
    info: &'static HandlerInfo,
    running: TaskTracker,
    span: Span,
    rest: BoxFuture<'static, Released>,
) -> Response {
    let rest = async move {
        match rest.await {
            Released::Response(response) => response,
            Released::Pending(response) => response.await,
        }
    };
    match running
        .spawn(inherit(response_future(info, span, rest)))
        .await
    {
        Ok(response) => response,
        // A panic is answered inside the task, so this is the runtime shutting down.
        Err(_) => Problem::unavailable("the server is stopping").into_response(),
    }
}
