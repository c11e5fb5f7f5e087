//! The token that says that the application stops.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Says when the application stops. A handler takes it as an argument; other tasks get it from
/// [`App::stop_token`](crate::App::stop_token).
///
/// A graceful stop waits for every response. One that goes on for long, such as a stream, should end when the token says
/// so; otherwise the stop takes the whole drain timeout, and the process ends with an error. Event streams
/// (`text/event-stream`) end by themselves. A WebSocket has two seconds from then on, to say goodbye.
///
/// In an application that became a part of another one with [`App::into_router`](crate::App::into_router), it never says so.
///
/// ```
/// use kr_runtime::StopToken;
/// use kr_runtime::prelude::*;
/// use std::time::Duration;
///
/// #[kr_route(get, "/wait")]
/// async fn wait(stop: StopToken) -> &'static str {
///     tokio::select! {
///         () = stop.requested() => "the server stops",
///         () = tokio::time::sleep(Duration::from_secs(20)) => "nothing happened",
///     }
/// }
/// ```
#[derive(Clone, Default)]
pub struct StopToken(Arc<CancellationToken>);

impl StopToken {
    /// Whether the application stops.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Waits until the application stops.
    pub async fn requested(&self) {
        self.0.cancelled().await;
    }

    /// Stops the application, as the first Ctrl-C does: [`Server::run`](crate::Server::run) takes no more connections, waits
    /// for what runs, at most for the drain timeout, and returns.
    pub fn request(&self) {
        self.0.cancel();
    }
}

impl<S: Sync> FromRequestParts<S> for StopToken {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

impl fmt::Debug for StopToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StopToken")
            .field("is_requested", &self.is_requested())
            .finish()
    }
}
