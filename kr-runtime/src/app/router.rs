//! The routes of an application as one router.

use super::parts::{Parts, PlainRouter};
use crate::http::{
    AppContext, DirectRoutes, MountedHandler, Problem, RouterLayer, is_safe, method_filter,
    method_not_allowed, not_found,
};
#[cfg(feature = "operations")]
use crate::http::{MeasuredRequest, RouteMetrics};
use crate::sync::panic_message;
use axum::extract::{DefaultBodyLimit, Request};
#[cfg(feature = "operations")]
use axum::handler::Handler as _;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{MethodRouter, on};
use axum::{Extension, Router};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Who serves the routes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ServedBy {
    Kr,
    /// Another application, which has layers, limits and a 404 of its own.
    AnotherApp,
}

/// A router in the making.
pub(super) struct RouterBuilder {
    router: Router,
    pub(super) direct: DirectRoutes,
    context: Arc<AppContext>,
    served_by: ServedBy,
    has_layers: bool,
    /// What counts the requests that no route of kr answers.
    #[cfg(feature = "operations")]
    unrouted: Option<&'static [RouteMetrics]>,
    /// The paths whose 405 is set. The router takes one for each path.
    paths: HashSet<&'static str>,
}

impl RouterBuilder {
    pub(super) fn new(context: Arc<AppContext>, served_by: ServedBy, parts: &Parts) -> Self {
        Self {
            router: Router::new(),
            direct: DirectRoutes::default(),
            context,
            served_by,
            has_layers: !parts.layers.is_empty(),
            #[cfg(feature = "operations")]
            unrouted: None,
            paths: HashSet::new(),
        }
    }

    /// Counts and times the requests that no route of kr answers, from now on.
    #[cfg(feature = "operations")]
    pub(super) fn measure(&mut self, unrouted: Option<&'static [RouteMetrics]>) {
        self.unrouted = unrouted;
    }

    /// Adds handlers with the layers around them.
    pub(super) fn add(
        &mut self,
        handlers: impl Iterator<Item = MountedHandler>,
        layers: Vec<RouterLayer>,
    ) {
        let has_layers = self.has_layers || !layers.is_empty();
        let mut group = Router::new();
        for mut mounted in handlers {
            mounted.is_inside_layers = has_layers || self.served_by == ServedBy::AnotherApp;
            if !has_layers {
                self.direct.add(&mounted);
            }
            let info = mounted.handler.info;
            let mut methods = on(method_filter(info.method), mounted);
            if self.paths.insert(info.path) {
                methods = self.refusing(methods);
            }
            group = group.route(info.path, methods);
        }
        for layer in layers {
            group = layer.wrap(group);
        }
        self.router = std::mem::take(&mut self.router).merge(group);
    }

    /// With the 405 for other methods.
    fn refusing(&self, methods: MethodRouter) -> MethodRouter {
        #[cfg(feature = "operations")]
        if let Some(unrouted) = self.unrouted {
            return methods.fallback(async move |request: Request| {
                measured(unrouted, request, |it| method_not_allowed.call(it, ())).await
            });
        }
        methods.fallback(method_not_allowed)
    }

    /// Adds what the application takes of axum. Routers that do not fit are reported.
    pub(super) fn finish(self, parts: Parts, errors: &mut Vec<String>) -> Router {
        let mut router = self.router;
        #[allow(unused_mut)]
        for mut plain in parts.routers {
            #[cfg(feature = "operations")]
            if let Some(unrouted) = self.unrouted {
                plain.router = measured_router(plain.router, unrouted);
            }
            router = merge(router, plain, &self.context, errors);
        }
        router = router.method_not_allowed_fallback(method_not_allowed);
        router = match parts.fallback {
            // The check of requests is for it, too, and not for what is in the router already.
            Some(set) => {
                let fallback = set(Router::new());
                #[cfg(feature = "operations")]
                let fallback = match self.unrouted {
                    Some(unrouted) => measured_router(fallback, unrouted),
                    None => fallback,
                };
                merge_fallback(router, fallback, &self.context)
            }
            None if self.served_by == ServedBy::Kr => {
                #[cfg(feature = "operations")]
                if let Some(unrouted) = self.unrouted {
                    router = router.fallback(async move |request: Request| {
                        measured(unrouted, request, |it| not_found.call(it, ())).await
                    });
                } else {
                    router = router.fallback(not_found);
                }
                #[cfg(not(feature = "operations"))]
                {
                    router = router.fallback(not_found);
                }
                router
            }
            None => router,
        };
        if parts.layers.is_empty() {
            return router;
        }
        for layer in parts.layers {
            router = layer.wrap(router);
        }
        router.layer(Extension(self.context.stop.clone()))
    }
}

fn merge_fallback(router: Router, fallback: Router, context: &Arc<AppContext>) -> Router {
    router.merge(within_limits(fallback, context))
}

/// axum panics where two routers answer the same requests, and does not say beforehand.
fn merge(
    router: Router,
    plain: PlainRouter,
    context: &Arc<AppContext>,
    errors: &mut Vec<String>,
) -> Router {
    let before = router.clone();
    let merge = || {
        let added = within_limits(plain.router, context);
        match &plain.prefix {
            Some(prefix) => router.nest(prefix, added),
            None => router.merge(added),
        }
    };
    catch_unwind(AssertUnwindSafe(merge)).unwrap_or_else(|panic| {
        let reason = panic_message(panic.as_ref());
        errors.push(format!("a router cannot be added: {reason}"));
        before
    })
}

/// The router with what holds for every request of the application.
fn within_limits(router: Router, context: &Arc<AppContext>) -> Router {
    let router = router
        .layer(DefaultBodyLimit::max(context.body_limit.bytes()))
        .layer(Extension(context.stop.clone()));
    let router = match context.root.clone() {
        Some(root) => router.layer(from_fn(move |request, next: Next| {
            root.scope(next.run(request))
        })),
        None => router,
    };
    if !context.policy.is_some() {
        return router;
    }
    let context = Arc::clone(context);
    router.layer(from_fn(move |request, next| {
        admit(Arc::clone(&context), request, next)
    }))
}

async fn admit(
    context: Arc<AppContext>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let changes = !is_safe(request.method().as_str());
    match context.policy.refuse(&request, changes) {
        Some(problem) => Err(problem),
        None => Ok(next.run(request).await),
    }
}

/// Counts and times all requests of a router by their methods: its paths may be anything.
#[cfg(feature = "operations")]
fn measured_router(router: Router, unrouted: &'static [RouteMetrics]) -> Router {
    router.layer(from_fn(move |request: Request, next: Next| {
        measured(unrouted, request, |request| next.run(request))
    }))
}

#[cfg(feature = "operations")]
async fn measured<F: Future<Output = Response>>(
    unrouted: &'static [RouteMetrics],
    request: Request,
    respond: impl FnOnce(Request) -> F,
) -> Response {
    let metrics = RouteMetrics::of_method(unrouted, request.method().as_str());
    let mut measured = MeasuredRequest::begin(metrics);
    let response = respond(request).await;
    measured.end(response.status().as_u16());
    response
}
