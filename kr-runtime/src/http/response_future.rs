//! A handler on its way to an answer, whatever it does.

use crate::check::handler_info::Meta;
use crate::http::problem::Problem;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use tracing::Span;
use tracing::instrument::{Instrument, Instrumented};

/// A handler on its way to an answer, inside the request's span.
pub type Answering = Instrumented<OrPanicked>;

/// A panic becomes a 500 that says nothing of the inside. The drafts and the locks went with the unwinding.
pub struct OrPanicked {
    meta: &'static Meta,
    answer: BoxFuture<'static, Response>,
}

/// Answers with what that future comes to.
pub(crate) fn answering(
    meta: &'static Meta,
    span: Span,
    answer: impl Future<Output = Response> + Send + 'static,
) -> Answering {
    let answer = Box::pin(answer);
    OrPanicked { meta, answer }.instrument(span)
}

impl Future for OrPanicked {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        let meta = self.meta;
        let answer = self.answer.as_mut();
        match catch_unwind(AssertUnwindSafe(|| answer.poll(context))) {
            Ok(answer) => answer,
            Err(panic) => Poll::Ready(panicked(meta, panic.as_ref())),
        }
    }
}

fn panicked(meta: &Meta, panic: &(dyn Any + Send)) -> Response {
    let panic = message(panic);
    tracing::error!(route = %meta, panic, "a panic in the handler, or in building its answer; what was not committed is dropped");
    Problem::internal().into_response()
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)")
}
