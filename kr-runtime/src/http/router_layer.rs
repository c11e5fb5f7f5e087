//! A layer of tower's, until there is a router to put it around.

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::Route;
use std::convert::Infallible;
use tower_layer::Layer;
use tower_service::Service;

/// A layer of tower's, until there is a router to put it around.
pub(crate) struct RouterLayer(Box<dyn FnOnce(Router) -> Router + Send + Sync>);

impl RouterLayer {
    pub(crate) fn new<L>(layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self(Box::new(|router| router.layer(layer)))
    }

    pub(crate) fn wrap(self, router: Router) -> Router {
        (self.0)(router)
    }
}
