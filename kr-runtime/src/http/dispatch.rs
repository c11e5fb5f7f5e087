//! From a request to its handler: directly for handlers that need nothing of axum's router, through the router for the rest.

use super::bound_handler::BoundHandler;
use super::response_future::ResponseFuture;
use crate::check::HandlerInfo;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::response::Response;
use futures_util::future::Either;
use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_service::Service;

/// A handler as axum sees it. Its future is boxed once, and not by axum's blanket implementation, whose error messages do not
/// help.
#[derive(Clone)]
pub(crate) struct MountedHandler {
    pub(crate) respond: fn(Arc<BoundHandler>, Request) -> ResponseFuture,
    pub(crate) handler: Arc<BoundHandler>,
    /// Only where a body may be read: as a layer it would cost every request.
    pub(crate) body_limit: Option<DefaultBodyLimit>,
}

impl Handler<(), ()> for MountedHandler {
    type Future = ResponseFuture;

    fn call(self, mut request: Request, (): ()) -> ResponseFuture {
        if let Some(limit) = self.body_limit {
            limit.apply(&mut request);
        }
        (self.respond)(self.handler, request)
    }
}

/// The service of a server: the router, and direct routes past it for handlers that read nothing from the request.
///
/// For those, the router's work (captures, extensions, layers that are not there) would be a sixth of a small request. A
/// handler with extractors goes through the router, since an extractor may need what only the router provides.
#[derive(Clone)]
pub(crate) struct Dispatcher(Arc<AllRoutes>);

struct AllRoutes {
    direct: DirectRoutes,
    router: Router,
}

/// The handlers that need no router, by path.
#[derive(Default)]
pub(crate) struct DirectRoutes(HashMap<&'static str, Vec<MountedHandler>>);

impl DirectRoutes {
    pub(crate) fn add(&mut self, mounted: &MountedHandler) {
        let info = mounted.handler.info;
        if is_plain(info) {
            self.0.entry(info.path).or_default().push(mounted.clone());
        }
    }

    /// Only for the exact method and path; the router does all else, such as HEAD.
    fn find(&self, request: &Request) -> Option<&MountedHandler> {
        let mounted = self.0.get(request.uri().path())?;
        mounted
            .iter()
            .find(|mounted| mounted.handler.info.method.as_str() == request.method().as_str())
    }
}

/// Braces are captures to axum, or escaped.
fn is_plain(info: &HandlerInfo) -> bool {
    !info.extracts && !info.path.contains(['{', '}'])
}

impl Dispatcher {
    pub(crate) fn new(direct: DirectRoutes, router: Router) -> Self {
        Self(Arc::new(AllRoutes { direct, router }))
    }
}

impl Service<Request> for Dispatcher {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<ResponseResult, <Router as Service<Request>>::Future>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // As axum's router, which is always ready.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.0.direct.find(&request) {
            Some(MountedHandler {
                respond, handler, ..
            }) => Either::Left(ResponseResult(respond(Arc::clone(handler), request))),
            None => Either::Right(self.0.router.clone().call(request)),
        }
    }
}

/// A handler's future as a service's, which never fails.
pub(crate) struct ResponseResult(ResponseFuture);

impl Future for ResponseResult {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(Ok)
    }
}
