//! From a request to its handler: straight for those that need nothing of axum's router, through it for all others.

use crate::check::handler_info::Meta;
use crate::http::bound_handler::Site;
use crate::http::response_future::Answering;
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

/// A handler as axum sees it. Its future is boxed once, and not by axum's own blanket implementation, whose error messages say
/// nothing.
#[derive(Clone)]
pub(crate) struct Mounted {
    pub(crate) answer: fn(Arc<Site>, Request) -> Answering,
    pub(crate) site: Arc<Site>,
    /// Only where a body may be read: as a layer it would cost every request.
    pub(crate) body_limit: Option<DefaultBodyLimit>,
}

impl Handler<(), ()> for Mounted {
    type Future = Answering;

    fn call(self, mut request: Request, (): ()) -> Answering {
        if let Some(limit) = self.body_limit {
            limit.apply(&mut request);
        }
        (self.answer)(self.site, request)
    }
}

/// What a server answers with: the router, and a way past it for handlers that look at nothing but the state.
///
/// To them the router's work (captures, extensions, layers that are not there) is a sixth of a small request for nothing.
/// A handler with extractors goes through the router, since any of them may ask for what only that provides.
#[derive(Clone)]
pub(crate) struct Front(Arc<Ways>);

struct Ways {
    straight: Straight,
    router: Router,
}

/// The handlers that the router can be passed for, by path.
#[derive(Default)]
pub(crate) struct Straight(HashMap<&'static str, Vec<Mounted>>);

impl Straight {
    pub(crate) fn add(&mut self, mounted: &Mounted) {
        let meta = mounted.site.meta;
        if is_plain(meta) {
            self.0.entry(meta.path).or_default().push(mounted.clone());
        }
    }

    /// Only the very method and path: all that is a matter of routing, such as HEAD, is left to the router.
    fn find(&self, request: &Request) -> Option<&Mounted> {
        let mounted = self.0.get(request.uri().path())?;
        mounted
            .iter()
            .find(|mounted| mounted.site.meta.method.is(request.method()))
    }
}

/// Braces are captures to axum, or escaped.
fn is_plain(meta: &Meta) -> bool {
    !meta.extracts && !meta.path.contains(['{', '}'])
}

impl Front {
    pub(crate) fn new(straight: Straight, router: Router) -> Self {
        Self(Arc::new(Ways { straight, router }))
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Answered, <Router as Service<Request>>::Future>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // As axum's router, which is always ready.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.0.straight.find(&request) {
            Some(Mounted { answer, site, .. }) => {
                Either::Left(Answered(answer(Arc::clone(site), request)))
            }
            None => Either::Right(self.0.router.clone().call(request)),
        }
    }
}

/// A handler always has an answer.
pub(crate) struct Answered(Answering);

impl Future for Answered {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(Ok)
    }
}
