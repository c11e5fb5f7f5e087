//! What a handler is to the router, and lists of them.

use crate::check::handler_info::Meta;
use crate::host::binding::Binding;
use crate::http::bound_handler::Site;
use crate::http::response_future::Answering;
use axum::extract::Request;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Stands for the answer of a handler that has not compiled.
///
/// # Panics
/// Always; such a program is never run.
pub fn broken() -> Answering {
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
    const META: &'static Meta;

    /// Answers a request.
    fn answer(site: Arc<Site>, request: Request) -> Answering;
}

/// Finds out what the attributes of a handler say, and leaves it to [`Route`] to say that it is none: what the type itself
/// has wins over what a trait brings. It stands in a tuple, where nobody takes the name of a function for a constant.
pub struct RouteProbe<R>(PhantomData<R>);

impl<R: Handler> RouteProbe<(R,)> {
    /// What they say.
    pub const META: &'static Meta = R::META;
}

/// What a type that is no route has.
pub trait NoRoute {
    /// It has no path.
    const META: &'static Meta = &Meta::broken("");
}

impl<R> NoRoute for RouteProbe<R> {}

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
    fn entry() -> Entry<H> {
        Entry {
            meta: Self::META,
            answer: Self::answer,
            borrows: Self::borrows,
        }
    }
}

/// A handler, ready to be mounted on a host.
pub struct Entry<H> {
    pub(crate) meta: &'static Meta,
    pub(crate) answer: fn(Arc<Site>, Request) -> Answering,
    pub(crate) borrows: fn(&H) -> Vec<Binding<'_>>,
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
pub struct Routes<H> {
    pub(crate) entries: Vec<Entry<H>>,
}

impl<H> fmt::Debug for Routes<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.entries.iter().map(|entry| entry.meta))
            .finish()
    }
}

/// The handlers of a list.
#[must_use]
pub fn collect<H>(entries: Vec<Entry<H>>) -> Routes<H> {
    Routes { entries }
}

/// Lists the handlers to mount, by name or path: `routes![visit, admin::reset]`.
///
/// Two that would answer the same requests do not compile, nor does a function without `#[kr_route]`.
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
    ($($route:path),* $(,)?) => {{
        const _: () = {
            #[allow(unused_imports)]
            use $crate::__private::NoRoute as _;
            $crate::__private::distinct(&[
                $($crate::__private::RouteProbe::<($route,)>::META),*
            ])
        };
        $crate::__private::collect($crate::__private::vec([
            $(<$route as $crate::__private::Route<_>>::entry()),*
        ]))
    }};
}
