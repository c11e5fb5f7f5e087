//! Extractors that need a state of axum's.

use super::problem::Problem;
use crate::sync::log;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use std::any::type_name;
use std::marker::PhantomData;
use std::sync::Arc;

/// An argument that extracts an `X` with the state `S` of [`App::with_state`](crate::App::with_state): `State<T>` for each
/// `T: FromRef<S>`, and every extractor that is built on `FromRef`.
///
/// Handlers extract without a state otherwise. This is for what does not change, or guards itself, such as a pool of
/// connections or a key; data that changes belongs into the host.
///
/// If the application has no state of that type, the response is a 500, and the log says so.
///
/// ```
/// use kr_runtime::WithState;
/// use kr_runtime::axum::extract::{FromRef, State};
/// use kr_runtime::prelude::*;
///
/// #[derive(Clone)]
/// struct Mailer(&'static str);
///
/// struct Services {
///     mailer: Mailer,
/// }
///
/// impl FromRef<Services> for Mailer {
///     fn from_ref(services: &Services) -> Self {
///         services.mailer.clone()
///     }
/// }
///
/// #[kr_route(get, "/sender")]
/// fn sender(WithState(State(mailer), ..): WithState<Services, State<Mailer>>) -> String {
///     mailer.0.to_owned()
/// }
///
/// # #[derive(Host)]
/// # struct Empty {}
/// let services = Services { mailer: Mailer("shop@example.org") };
/// let app = App::new("Mail", Empty {}).mount(routes![sender]).with_state(services);
/// ```
pub struct WithState<S, X>(
    /// What was extracted.
    pub X,
    #[doc(hidden)] pub PhantomData<fn() -> S>,
);

impl<S, X, O> FromRequestParts<O> for WithState<S, X>
where
    S: Send + Sync + 'static,
    X: FromRequestParts<S>,
    O: Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &O) -> Result<Self, Response> {
        let Some(AppState(state)) = parts.extensions.get::<AppState<S>>().cloned() else {
            let state = type_name::<S>();
            log::error!(
                state,
                "a handler needs a state that `App::with_state` was not given"
            );
            return Err(Problem::internal().into_response());
        };
        let extracted = X::from_request_parts(parts, &state).await;
        match extracted {
            Ok(extracted) => Ok(Self(extracted, PhantomData)),
            Err(rejection) => Err(rejection.into_response()),
        }
    }
}

/// The state in the extensions of a request.
pub(crate) struct AppState<S>(pub(crate) Arc<S>);

impl<S> Clone for AppState<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
