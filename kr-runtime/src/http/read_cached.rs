//! A handler whose response is made once for each commit.

use super::blocking::off_the_workers;
use super::bound_handler::BoundHandler;
use super::observation::RequestTrace;
use super::outcome::Outcome;
use super::recorder::Recorder;
use super::refusal::lock_refused;
use super::resolve::resolve_fixed;
use super::response_future::{ResponseFuture, response_future};
use super::worker_watch::OnWorker;
use crate::host::OwnedPlan;
use crate::transaction::Arguments;
use axum::extract::Request;
use axum::response::Response;
use futures_util::future::BoxFuture;
use std::mem;
use std::sync::Arc;

/// A handler whose response depends on the borrowed states alone, so it runs once for each commit.
pub fn read_cached(
    handler: Arc<BoundHandler>,
    request: Request,
    run: impl FnOnce(&mut Arguments) -> Response + Send + 'static,
) -> ResponseFuture {
    let run = |states: &mut Arguments| Run::Done(run(states));
    run_read_cached(handler, request, Box::new(run))
}

/// As [`read_cached`], of a function that takes its time. It runs in a thread of its own.
pub fn read_cached_blocking(
    handler: Arc<BoundHandler>,
    request: Request,
    run: impl FnOnce(&mut Arguments) -> Response + Send + 'static,
) -> ResponseFuture {
    let tracker = handler.off_the_workers.clone();
    let run = |states: &mut Arguments| {
        let mut states = mem::take(states);
        Run::OffTheWorkers(Box::pin(off_the_workers(tracker, move || run(&mut states))))
    };
    run_read_cached(handler, request, Box::new(run))
}

/// A function that has been called.
enum Run {
    Done(Response),
    OffTheWorkers(BoxFuture<'static, Response>),
}

fn run_read_cached(
    handler: Arc<BoundHandler>,
    mut request: Request,
    run: Box<dyn FnOnce(&mut Arguments) -> Run + Send>,
) -> ResponseFuture {
    let mut trace = RequestTrace::begin(handler.info, Recorder::of(&handler));
    let headers = mem::take(request.headers_mut());
    response_future(handler.info, trace.span(), async move {
        let call = resolve_fixed(&(), &handler);
        let cache = &handler.cached_response;
        let response = match call.0.as_ref().ok().and_then(|plan| cache.current(plan)) {
            Some(cached) => cached.response(&headers),
            None => match handler.load(&call, OwnedPlan::load_durable_at).await {
                Ok((mut states, revisions)) => {
                    // Only now is it known whether another process has changed anything.
                    let plan = call.0.as_ref().ok();
                    if let Some(cached) = plan.and_then(|plan| cache.of_shared(plan, &revisions)) {
                        trace.end(Outcome::Read);
                        return cached.response(&headers);
                    }
                    let on_worker = OnWorker::run(handler.info);
                    let run = run(&mut states);
                    drop(on_worker);
                    let response = match run {
                        Run::Done(response) => response,
                        Run::OffTheWorkers(response) => response.await,
                    };
                    cache.store(response, revisions, &headers)
                }
                Err(error) => return trace.refused(&error, lock_refused(handler.info, &error)),
            },
        };
        trace.end(Outcome::Read);
        response
    })
}
