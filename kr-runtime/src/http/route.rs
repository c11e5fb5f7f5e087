//! Handlers as routes, and lists of them.

use super::bound_handler::BoundHandler;
#[cfg(feature = "openapi")]
use super::description::Description;
use super::response_future::ResponseFuture;
use super::router_layer::RouterLayer;
use crate::check::{HandlerInfo, Method};
use crate::host::Binding;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::MethodFilter;
use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use tower_layer::Layer;
use tower_service::Service;

/// Stands for the response of a handler that has not compiled.
///
/// # Panics
/// Always; such a program is never run.
pub fn placeholder() -> ResponseFuture {
    unreachable!("this handler has compile errors")
}

/// The half of a handler that is the same on every host. `#[kr_route]` implements it for the handler's type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a route",
    label = "expected a handler with `#[kr_route(…)]`",
    note = "list functions that have `#[kr_route(get, \"/path\")]` [KR0401]"
)]
pub trait Handler: 'static {
    /// What the attributes say.
    const INFO: &'static HandlerInfo;

    /// Responds to a request.
    fn respond(handler: Arc<BoundHandler>, request: Request) -> ResponseFuture;

    /// Says what the signature tells of requests and responses.
    #[cfg(feature = "openapi")]
    #[doc(hidden)]
    fn describe(description: &mut Description) {
        let _ = description;
    }
}

/// Finds out what the attributes of a handler say, for types that may be no handlers, which [`Route`] reports: an inherent
/// constant wins over a trait's. The type stands in a tuple, where the name of a function is not mistaken for a constant.
pub struct HandlerProbe<R>(PhantomData<R>);

impl<R: Handler> HandlerProbe<(R,)> {
    /// What the attributes say.
    pub const INFO: &'static HandlerInfo = R::INFO;
}

/// The answer for types that are no handlers.
pub trait NotRoute {
    /// It has no path.
    const INFO: &'static HandlerInfo = &HandlerInfo::placeholder("");
}

impl<R> NotRoute for HandlerProbe<R> {}

/// A handler that can be mounted on the host `H`, which holds every state that it borrows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be mounted, since it is not a route",
    label = "expected a handler with `#[kr_route(…)]`",
    note = "list functions that have `#[kr_route(get, \"/path\")]` [KR0401]"
)]
pub trait Route<H>: Handler {
    /// The states that it borrows, in the order of its arguments.
    fn borrows(host: &H) -> Vec<Binding<'_>>;

    #[doc(hidden)]
    #[must_use]
    fn entry() -> RouteEntry<H> {
        RouteEntry {
            info: Self::INFO,
            respond: Self::respond,
            borrows: Self::borrows,
            #[cfg(feature = "openapi")]
            describe: Self::describe,
        }
    }
}

/// A handler, ready to be mounted on a host.
pub struct RouteEntry<H> {
    pub(crate) info: &'static HandlerInfo,
    pub(crate) respond: fn(Arc<BoundHandler>, Request) -> ResponseFuture,
    pub(crate) borrows: fn(&H) -> Vec<Binding<'_>>,
    #[cfg(feature = "openapi")]
    pub(crate) describe: fn(&mut Description),
}

/// Handlers to mount on a host of type `H`; [`routes!`](crate::routes) makes it.
///
/// A module can list its own:
///
/// ```
/// use kr_runtime::prelude::*;
/// use kr_runtime::Routes;
///
/// #[kr_route(get, "/health")]
/// fn health() -> &'static str {
///     "ok"
/// }
///
/// fn operations<H: Host>() -> Routes<H> {
///     routes![health]
/// }
/// ```
///
/// A group of handlers can have layers of its own; see [`layer`](Self::layer).
pub struct Routes<H> {
    pub(crate) entries: Vec<RouteEntry<H>>,
    /// From the innermost to the outermost.
    pub(crate) layers: Vec<RouterLayer>,
}

impl<H> Routes<H> {
    /// The same handlers under a prefix.
    pub(crate) fn under(mut self, prefix: &str) -> Self {
        for entry in &mut self.entries {
            entry.info = entry.info.under(prefix);
        }
        self
    }

    /// Puts a layer of tower's around these handlers alone, as [`axum::Router::layer`] takes it. The last one that is added
    /// is the outermost. It sees every request to a path of the group, also one whose method no handler answers.
    ///
    /// ```
    /// use kr_runtime::axum::extract::Request;
    /// use kr_runtime::axum::middleware::{Next, from_fn};
    /// use kr_runtime::axum::response::Response;
    /// use kr_runtime::prelude::*;
    ///
    /// #[kr_route(post, "/reset")]
    /// fn reset() -> &'static str {
    ///     "done"
    /// }
    ///
    /// async fn only_admins(request: Request, next: Next) -> Result<Response, Problem> {
    ///     match request.headers().contains_key("x-admin") {
    ///         true => Ok(next.run(request).await),
    ///         false => Err(Problem::new(StatusCode::FORBIDDEN, "only for administrators")),
    ///     }
    /// }
    ///
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let admin = routes![reset].layer(from_fn(only_admins));
    /// let app = App::new("Shop", Empty {}).mount(admin);
    /// ```
    #[must_use]
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<axum::routing::Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.layers.push(RouterLayer::new(layer));
        self
    }
}

impl<H> fmt::Debug for Routes<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.entries.iter().map(|entry| entry.info))
            .finish()
    }
}

/// The handlers of a list.
#[must_use]
pub fn collect_routes<H>(entries: Vec<RouteEntry<H>>) -> Routes<H> {
    Routes {
        entries,
        layers: Vec::new(),
    }
}

/// The method as axum routes it.
pub(crate) fn method_filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Put => MethodFilter::PUT,
        Method::Patch => MethodFilter::PATCH,
        Method::Delete => MethodFilter::DELETE,
        Method::Head => MethodFilter::HEAD,
        Method::Options => MethodFilter::OPTIONS,
        Method::Trace => MethodFilter::TRACE,
        Method::Connect => MethodFilter::CONNECT,
    }
}

/// Lists the handlers to mount, by name or path: `routes![visit, admin::reset]`.
///
/// Two that would answer the same requests do not compile, nor does a function without `#[kr_route]`. A handler may have
/// `#[cfg(…)]` in front: `routes![visit, #[cfg(debug_assertions)] reset]`.
///
/// ```
/// use kr_runtime::prelude::*;
///
/// #[kr_route(get, "/ping")]
/// fn ping() -> &'static str {
///     "pong"
/// }
///
/// #[derive(Host)]
/// struct Empty {}
///
/// let app = App::new("Ping", Empty {}).mount(routes![ping]);
/// ```
#[macro_export]
macro_rules! routes {
    ($($(#[$attribute:meta])* $route:path),* $(,)?) => {{
        const _: () = {
            #[allow(unused_imports)]
            use $crate::__private::NotRoute as _;
            $crate::__private::assert_distinct(&[
                $($(#[$attribute])* $crate::__private::HandlerProbe::<($route,)>::INFO),*
            ])
        };
        $crate::__private::collect_routes($crate::__private::vec([
            $($(#[$attribute])* <$route as $crate::__private::Route<_>>::entry()),*
        ]))
    }};
}
