//! From a request to its handler: directly for handlers that need nothing of axum's router, through the router for the rest.

use super::mounted_handler::MountedHandler;
use super::response_future::ResponseFuture;
use crate::check::HandlerInfo;
use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use futures_util::future::Either;
use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_service::Service;

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

    pub(crate) fn respond(&self, request: Request) -> DispatchFuture {
        match self.0.direct.find(&request) {
            Some(mounted) => Either::Left(ResponseResult(mounted.respond(request))),
            // As axum's router is always ready, it needs no `poll_ready`.
            None => Either::Right(self.0.router.clone().call(request)),
        }
    }
}

/// The future of a response.
pub(crate) type DispatchFuture = Either<ResponseResult, <Router as Service<Request>>::Future>;

/// A handler's future as a service's, which never fails.
pub(crate) struct ResponseResult(ResponseFuture);

impl Future for ResponseResult {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(Ok)
    }
}
