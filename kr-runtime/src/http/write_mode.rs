//! What a route adds to a change: nothing, conditions and a tag, or a response that is kept.

use super::bound_handler::BoundHandler;
use super::problem::Problem;
use super::respond::WriteOutput;
use super::response_future::ResponseFuture;
use super::write_call::{Released, WriteCall};
use crate::transaction::{Decision, HandlerOutput};
use axum::extract::Request;
use axum::response::Response;
use std::sync::Arc;

/// What a route adds to a change.
pub trait WriteMode: Sized + Send + 'static {
    /// Reads what it needs of the request, and starts the call, unless the response is another one.
    fn start(
        handler: Arc<BoundHandler>,
        request: Request,
        call: impl FnOnce(Arc<BoundHandler>, Request, Self) -> ResponseFuture + Send + 'static,
    ) -> ResponseFuture;

    /// Whether the function may run. The locks are held.
    fn admit(&mut self, call: &mut WriteCall) -> Result<(), Problem>;

    /// The response of a call that is about to commit, for whoever needs it before the commit.
    fn early_response(&self, call: &WriteCall, decision: Decision, response: Response) -> Response;

    /// Ends the call, and releases its locks.
    fn finish<T: WriteOutput>(
        self,
        call: WriteCall,
        output: HandlerOutput<T>,
        respond: impl FnOnce(T) -> Response + Send + 'static,
    ) -> Released;
}

/// Nothing.
pub struct Plain;

impl WriteMode for Plain {
    #[inline]
    fn start(
        handler: Arc<BoundHandler>,
        request: Request,
        call: impl FnOnce(Arc<BoundHandler>, Request, Self) -> ResponseFuture + Send + 'static,
    ) -> ResponseFuture {
        call(handler, request, Self)
    }

    #[inline]
    fn admit(&mut self, _: &mut WriteCall) -> Result<(), Problem> {
        Ok(())
    }

    fn early_response(&self, _: &WriteCall, _: Decision, response: Response) -> Response {
        response
    }

    #[inline]
    fn finish<T: WriteOutput>(
        self,
        call: WriteCall,
        output: HandlerOutput<T>,
        respond: impl FnOnce(T) -> Response + Send + 'static,
    ) -> Released {
        call.finish(output, respond)
    }
}
