//! What an application takes of axum: layers, routers and a fallback.

use crate::http::RouterLayer;
use axum::Router;

/// Changes a router.
pub(super) type RouterChange = Box<dyn FnOnce(Router) -> Router + Send + Sync>;

/// What an application takes of axum.
#[derive(Default)]
pub(super) struct Parts {
    /// From the innermost to the outermost.
    pub(super) layers: Vec<RouterLayer>,
    pub(super) routers: Vec<PlainRouter>,
    /// Sets the fallback.
    pub(super) fallback: Option<RouterChange>,
    /// Of the routes that were mounted at one, to be checked.
    pub(super) prefixes: Vec<String>,
}

/// A router of axum's own.
pub(super) struct PlainRouter {
    pub(super) router: Router,
    /// Where it is nested; merged without one.
    pub(super) prefix: Option<String>,
}

impl Parts {
    /// Whether requests may reach code of layers or services, whose panics nothing answers.
    pub(super) fn has_services(&self) -> bool {
        !self.layers.is_empty() || !self.routers.is_empty() || self.fallback.is_some()
    }
}
