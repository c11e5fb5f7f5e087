//! From a request to its handler: directly for handlers that need nothing of axum's router, through the router for the rest.

use super::mounted_handler::MountedHandler;
use super::problem::Problem;
use super::response_future::ResponseFuture;
use crate::check::HandlerInfo;
use crate::sync::log;
use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::response::Response;
use std::collections::HashMap;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
    routed_by: RoutedBy,
}

/// Whose code the router calls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoutedBy {
    /// Mounted handlers alone, which answer their own panics.
    Handlers,
    /// Layers or services, too, whose panics would close the connection.
    Services,
}

/// The handlers that need no router, by path.
#[derive(Default)]
pub(crate) struct DirectRoutes(HashMap<&'static str, Vec<MountedHandler>>);

impl DirectRoutes {
    /// For handlers without layers.
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
    pub(crate) fn new(direct: DirectRoutes, router: Router, routed_by: RoutedBy) -> Self {
        Self(Arc::new(AllRoutes {
            direct,
            router,
            routed_by,
        }))
    }

    pub(crate) fn respond(&self, request: Request) -> DispatchFuture {
        if let Some(mounted) = self.0.direct.find(&request) {
            return DispatchFuture::Direct(mounted.respond(request));
        }
        // As axum's router is always ready, it needs no `poll_ready`.
        let routed = self.0.router.clone().call(request);
        match self.0.routed_by {
            RoutedBy::Handlers => DispatchFuture::Routed(routed),
            RoutedBy::Services => DispatchFuture::Guarded(routed),
        }
    }
}

/// The future of a response.
pub(crate) enum DispatchFuture {
    Direct(ResponseFuture),
    Routed(<Router as Service<Request>>::Future),
    /// It may panic.
    Guarded(<Router as Service<Request>>::Future),
}

impl Future for DispatchFuture {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Direct(future) => Pin::new(future).poll(context).map(Ok),
            Self::Routed(future) => Pin::new(future).poll(context),
            Self::Guarded(future) => {
                let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(future).poll(context)));
                polled.unwrap_or_else(|_| {
                    log::error!("a layer, or a service of a merged router, panicked");
                    Poll::Ready(Ok(Problem::internal().into_response()))
                })
            }
        }
    }
}
