//! A handler as axum sees it.

use super::bound_handler::BoundHandler;
use super::outer_body_limit;
use super::problem::{Problem, close_connection};
use super::request_policy::{RequestPolicy, is_safe};
#[cfg(feature = "operations")]
use super::response_future::measured;
use super::response_future::{ResponseFuture, response_future};
use super::stop_token::StopToken;
use crate::check::HandlerInfo;
use crate::snapshot::{self, SnapshotRoot};
use axum::body::HttpBody;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::http::{Extensions, StatusCode};
use axum::response::{IntoResponse, Response};
use std::future::ready;
use std::sync::Arc;
use tracing::Span;

/// A handler as axum sees it. Its future is boxed once, and not by axum's blanket implementation, whose error messages do not
/// help.
#[derive(Clone)]
pub(crate) struct MountedHandler {
    pub(crate) respond: fn(Arc<BoundHandler>, Request) -> ResponseFuture,
    pub(crate) handler: Arc<BoundHandler>,
    pub(crate) context: Arc<AppContext>,
    /// Whether a layer around it may have limited the body.
    pub(crate) is_inside_layers: bool,
}

/// What all handlers of an application have in common.
pub(crate) struct AppContext {
    pub(crate) policy: RequestPolicy,
    pub(crate) stop: StopToken,
    pub(crate) body_limit: BodyLimit,
    /// Put into the extensions of requests from which something is extracted.
    pub(crate) states: Vec<SetState>,
    /// For relative snapshot paths.
    pub(crate) root: Option<SnapshotRoot>,
}

/// Sets a state of [`App::with_state`](crate::App::with_state).
pub(crate) type SetState = Box<dyn Fn(&mut Extensions) + Send + Sync>;

/// The largest body of a request.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BodyLimit {
    /// What the application has set.
    pub(crate) set: Option<usize>,
}

impl BodyLimit {
    /// Kestrel's limit, in bytes.
    const DEFAULT: usize = 30_000_000;

    /// Without a layer that sets another one.
    pub(crate) fn bytes(self) -> usize {
        self.set.unwrap_or(Self::DEFAULT)
    }

    fn apply(self, request: &mut Request) -> usize {
        DefaultBodyLimit::max(self.bytes()).apply(request);
        self.bytes()
    }

    fn apply_inside_layers(self, request: &mut Request) -> usize {
        outer_body_limit::apply(request, self.set, Self::DEFAULT)
    }
}

impl Handler<(), ()> for MountedHandler {
    type Future = ResponseFuture;

    fn call(self, mut request: Request, (): ()) -> ResponseFuture {
        let info = self.handler.info;
        // As layers these would cost every request.
        if info.reads_body {
            let limit = match self.is_inside_layers {
                false => self.context.body_limit.apply(&mut request),
                true => self.context.body_limit.apply_inside_layers(&mut request),
            };
            if request.body().size_hint().lower() > limit as u64 {
                return self.measured(|| refused(info, body_too_large(limit)));
            }
        }
        if info.extracts {
            request.extensions_mut().insert(self.context.stop.clone());
            for set in &self.context.states {
                set(request.extensions_mut());
            }
        }
        self.respond(request)
    }
}

impl MountedHandler {
    /// Responds to a request that asks for this handler.
    pub(super) fn respond(&self, request: Request) -> ResponseFuture {
        self.measured(|| self.start(request))
    }

    /// A response that is counted and timed, if anybody wants that.
    fn measured(&self, start: impl FnOnce() -> ResponseFuture) -> ResponseFuture {
        #[cfg(feature = "operations")]
        if let Some(metrics) = self.handler.metrics {
            return measured(start, metrics);
        }
        start()
    }

    fn start(&self, request: Request) -> ResponseFuture {
        let policy = &self.context.policy;
        if policy.is_some()
            && let Some(problem) = policy.refuse(&request, changes(self.handler.info))
        {
            return refused(self.handler.info, problem.into_response());
        }
        let response = (self.respond)(Arc::clone(&self.handler), request);
        if !snapshot::has_roots() {
            return response;
        }
        let response = snapshot::within(self.context.root.clone(), response);
        response_future(self.handler.info, Span::none(), response)
    }
}

/// A handler that takes locks changes something, whatever its method says.
fn changes(info: &HandlerInfo) -> bool {
    info.takes_locks || !is_safe(info.method.as_str())
}

/// The response for a body whose `Content-Length` is too large. Nothing of the body has been read, nor `100 Continue` sent.
fn body_too_large(limit: usize) -> Response {
    let detail = format!("the body is larger than {limit} bytes");
    let mut response = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail).into_response();
    close_connection(&mut response);
    response
}

fn refused(info: &'static HandlerInfo, response: Response) -> ResponseFuture {
    response_future(info, Span::none(), ready(response))
}
