//! What a live response is made from.

use crate::host::OwnedPlan;
use crate::http::bound_handler::{BoundHandler, ResolvedCall};
use crate::http::extraction::Extraction;
use crate::http::problem::Problem;
use crate::http::refusal::lock_refused;
use crate::http::worker_watch::OnWorker;
use crate::sync::log;
use crate::transaction::{Arguments, Revisions};
use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A handler, and the request whose captures it gets each time.
pub(super) struct Source<A> {
    pub(super) handler: Arc<BoundHandler>,
    parts: Parts,
    extract: fn(Request) -> Extraction<A>,
    resolve: fn(&A, &BoundHandler) -> ResolvedCall,
    run: Box<Run<A>>,
}

type Run<A> = dyn Fn(A, &mut Arguments) -> Response + Send + Sync;

/// A response, and the revisions that it was made from.
pub(super) struct Made {
    pub(super) response: Response,
    pub(super) revisions: Revisions,
}

impl<A: Send + 'static> Source<A> {
    pub(super) fn new(
        handler: Arc<BoundHandler>,
        request: Request,
        extract: fn(Request) -> Extraction<A>,
        resolve: fn(&A, &BoundHandler) -> ResolvedCall,
        run: impl Fn(A, &mut Arguments) -> Response + Send + Sync + 'static,
    ) -> Self {
        Self {
            handler,
            parts: request.into_parts().0,
            extract,
            resolve,
            run: Box::new(run),
        }
    }

    pub(super) fn path(&self) -> &str {
        self.parts.uri.path()
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The states that the response depends on. The error is the response for captures that do not fit.
    pub(super) async fn plan(&self) -> Result<Arc<OwnedPlan>, Response> {
        let arguments = self.arguments().await?;
        let ResolvedCall(plan) = (self.resolve)(&arguments, &self.handler);
        plan.map_err(|error| lock_refused(self.handler.info, &error))
    }

    async fn arguments(&self) -> Result<A, Response> {
        let request = Request::from_parts(self.parts.clone(), Body::empty());
        (self.extract)(request).await
    }

    /// Makes the response from the durable values.
    pub(super) async fn make(&self) -> Result<Made, Response> {
        let arguments = self.arguments().await?;
        let info = self.handler.info;
        let call = (self.resolve)(&arguments, &self.handler);
        let loaded = self.handler.load(&call, OwnedPlan::load_durable_at).await;
        let (mut states, revisions) = loaded.map_err(|error| lock_refused(info, &error))?;
        let on_worker = OnWorker::run(info);
        let run = AssertUnwindSafe(|| (self.run)(arguments, &mut states));
        let response = catch_unwind(run).map_err(|_| {
            log::error!(route = %info, "the handler panicked while its response was followed");
            Problem::internal().into_response()
        })?;
        drop(on_worker);
        Ok(Made {
            response,
            revisions,
        })
    }
}
