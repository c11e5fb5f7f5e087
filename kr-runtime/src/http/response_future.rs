//! The future of every handler's response.

use super::problem::Problem;
use super::responding::{Responding, committed};
#[cfg(feature = "operations")]
use super::route_metrics::{MeasuredRequest, RouteMetrics};
use crate::check::HandlerInfo;
use crate::sync::{log, panic_message};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use tracing::Span;
use tracing::instrument::{Instrument, Instrumented};

/// The future of a handler's response, inside the request's span.
pub type ResponseFuture = Instrumented<CatchPanic>;

/// Turns a panic into a 500 without internals. Unwinding has dropped the drafts and released the locks.
pub struct CatchPanic {
    info: &'static HandlerInfo,
    #[cfg(feature = "operations")]
    measured: Option<MeasuredRequest>,
    response: BoxFuture<'static, Response>,
}

/// The future of a response.
pub(super) fn response_future(
    info: &'static HandlerInfo,
    span: Span,
    response: impl Future<Output = Response> + Send + 'static,
) -> ResponseFuture {
    let response = Box::pin(response);
    let response = CatchPanic {
        info,
        #[cfg(feature = "operations")]
        measured: None,
        response,
    };
    response.instrument(span)
}

/// A future that is counted and timed up to the response.
#[cfg(feature = "operations")]
pub(super) fn measured(
    start: impl FnOnce() -> ResponseFuture,
    metrics: &'static RouteMetrics,
) -> ResponseFuture {
    let measured = MeasuredRequest::begin(metrics);
    let mut response = measured.start(start);
    response.inner_mut().measured = Some(measured);
    response
}

impl Future for CatchPanic {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        let this = &mut *self;
        let info = this.info;
        let response = this.response.as_mut();
        let poll = || match catch_unwind(AssertUnwindSafe(|| response.poll(context))) {
            Ok(polled) => polled,
            Err(panic) => Poll::Ready(panicked(info, panic.as_ref())),
        };
        #[cfg(feature = "operations")]
        if let Some(measured) = &mut this.measured {
            let polled = measured.poll(poll);
            if let Poll::Ready(response) = &polled {
                measured.end(response.status().as_u16());
            }
            return polled;
        }
        poll()
    }
}

fn panicked(info: &HandlerInfo, panic: &(dyn Any + Send)) -> Response {
    let panic = panic_message(panic);
    if Responding::take_has_committed() {
        log::error!(route = %info, panic, "the handler has committed, but its response panicked");
        return committed();
    }
    log::error!(route = %info, panic, "the handler panicked; its changes are dropped");
    Problem::internal().into_response()
}
