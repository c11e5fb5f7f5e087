//! The methods of `App` that take what axum has: layers, routers and a fallback.

use super::builder::App;
use super::parts::PlainRouter;
use crate::http::{AppState, RouterLayer};
use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::IntoResponse;
use axum::routing::Route;
use std::convert::Infallible;
use std::sync::Arc;
use tower_layer::Layer;
use tower_service::Service;

impl<H> App<H> {
    /// Puts a layer of tower's around the whole application: its handlers, the routers that it took in, and the responses to
    /// requests that nothing answers. The last one that is added is the outermost. A layer around some handlers alone is
    /// [`Routes::layer`](crate::Routes::layer).
    ///
    /// ```
    /// use kr_runtime::axum::http::{HeaderValue, header};
    /// use kr_runtime::axum::middleware::map_response;
    /// use kr_runtime::axum::response::Response;
    /// use kr_runtime::prelude::*;
    ///
    /// async fn never_framed(mut response: Response) -> Response {
    ///     let deny = HeaderValue::from_static("DENY");
    ///     response.headers_mut().insert(header::X_FRAME_OPTIONS, deny);
    ///     response
    /// }
    ///
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let app = App::new("Empty", Empty {}).layer(map_response(never_framed));
    /// ```
    ///
    /// A layer that ends a request early, as a timeout does, drops the response and not a change: a handler that has its
    /// locks runs to its end. For deadlines of its own see [`lock_timeout`](Self::lock_timeout) and
    /// [`hold_timeout`](Self::hold_timeout).
    #[must_use]
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.parts.layers.push(RouterLayer::new(layer));
        self
    }

    /// Gives handlers a state of axum's, for extractors that need one; they take it with [`WithState`](crate::WithState).
    /// Call it once for each type of state. Layers and merged routers have states of their own.
    ///
    /// ```
    /// use kr_runtime::WithState;
    /// use kr_runtime::axum::extract::State;
    /// use kr_runtime::prelude::*;
    ///
    /// #[derive(Clone)]
    /// struct Mailer(&'static str);
    ///
    /// #[kr_route(get, "/sender")]
    /// fn sender(WithState(State(mailer), ..): WithState<Mailer, State<Mailer>>) -> &'static str {
    ///     mailer.0
    /// }
    ///
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let app = App::new("Mail", Empty {})
    ///     .mount(routes![sender])
    ///     .with_state(Mailer("shop@example.org"));
    /// ```
    #[must_use]
    pub fn with_state<S: Send + Sync + 'static>(mut self, state: S) -> Self {
        let state = AppState(Arc::new(state));
        self.states.push(Box::new(move |extensions| {
            extensions.insert(state.clone());
        }));
        self
    }

    /// Adds the routes of a plain [`axum::Router`]. The limits, the graceful stop, [`allowed_hosts`](Self::allowed_hosts) and
    /// [`same_site`](Self::same_site) hold for them, too; [`body_limit`](Self::body_limit) replaces axum's 2 MB.
    ///
    /// A fallback of the router is not taken over; see [`fallback`](Self::fallback).
    ///
    /// ```
    /// use kr_runtime::axum::Router;
    /// use kr_runtime::axum::routing::get;
    /// use kr_runtime::prelude::*;
    ///
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let version = Router::new().route("/version", get(|| async { "1.0" }));
    /// let app = App::new("Empty", Empty {}).merge(version);
    /// ```
    #[must_use]
    pub fn merge(mut self, router: impl Into<Router>) -> Self {
        self.parts.routers.push(PlainRouter {
            router: router.into().reset_fallback(),
            prefix: None,
        });
        self
    }

    /// As [`merge`](Self::merge), with the routes under a prefix. As axum has it, they do not see the prefix, and a fallback
    /// of the router answers everything else under it.
    ///
    /// ```
    /// use kr_runtime::axum::Router;
    /// use kr_runtime::axum::routing::get;
    /// use kr_runtime::prelude::*;
    ///
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let about = Router::new().route("/version", get(|| async { "1.0" }));
    /// // GET /about/version
    /// let app = App::new("Empty", Empty {}).nest("/about", about);
    /// ```
    #[must_use]
    pub fn nest(mut self, prefix: &str, router: impl Into<Router>) -> Self {
        self.parts.routers.push(PlainRouter {
            router: router.into(),
            prefix: Some(prefix.to_owned()),
        });
        self
    }

    /// Answers the requests to paths that nothing else answers, which get a 404 otherwise.
    ///
    /// ```
    /// use kr_runtime::axum::http::Uri;
    /// use kr_runtime::prelude::*;
    ///
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let app = App::new("Empty", Empty {})
    ///     .fallback(|uri: Uri| async move { format!("{} is not ready yet", uri.path()) });
    /// ```
    #[must_use]
    pub fn fallback<F, T>(mut self, handler: F) -> Self
    where
        F: Handler<T, ()> + Sync,
        T: 'static,
    {
        self.parts.fallback = Some(Box::new(|router| router.fallback(handler)));
        self
    }
}
