//! How the responses of `idempotent` routes are kept.

use crate::store::{ResponseLimits, Responses};
use axum::http::header;
use axum::http::request::Parts;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How [`App`](crate::App) keeps the responses of [`idempotent`](macro@crate::kr_route#idempotent) routes.
///
/// ```
/// use kr_runtime::prelude::*;
/// use kr_runtime::Idempotency;
/// use std::time::Duration;
///
/// # #[derive(Host)]
/// # struct Bank {}
/// /// What a layer puts into the extensions of a request.
/// #[derive(Clone)]
/// struct UserId(u64);
///
/// let idempotency = Idempotency::new()
///     .keep_for(Duration::from_secs(60 * 60))
///     .client(|request| match request.extensions.get::<UserId>() {
///         Some(UserId(id)) => id.to_string(),
///         None => String::new(),
///     });
/// let app = App::new("Bank", Bank {}).idempotency(idempotency);
/// ```
#[must_use]
#[derive(Clone)]
pub struct Idempotency {
    limits: ResponseLimits,
    max_response_bytes: usize,
    client: Arc<dyn Fn(&Parts) -> String + Send + Sync>,
}

impl Default for Idempotency {
    fn default() -> Self {
        Self {
            limits: ResponseLimits::default(),
            max_response_bytes: 256 * 1024,
            client: Arc::new(credentials),
        }
    }
}

impl Idempotency {
    /// 24 hours, 100,000 responses, 64,000,000 bytes.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long a response is kept. A client that repeats its request later has it done again. 24 hours unless set.
    pub fn keep_for(mut self, time: Duration) -> Self {
        self.limits.keep_for = time;
        self
    }

    /// How many responses are kept, 100,000 unless set. With more, the client whose responses take the most room loses its
    /// oldest one: a client cannot push out the responses of others. A store in a file forgets it with the next change.
    pub fn max_responses(mut self, responses: usize) -> Self {
        self.limits.max_responses = responses;
        self
    }

    /// What all responses together may take up in memory, 64,000,000 bytes unless set. With more, what
    /// [`max_responses`](Self::max_responses) says holds. A response takes up about 400 bytes more than its length.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.limits.max_bytes = bytes;
        self
    }

    /// How long a response may be, with its headers, 262,144 bytes unless set. A call with a longer one is rolled back, since
    /// a repetition would do it again, and the client gets a 500 that says so.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Says whose request it is: the same key of two clients stands for two requests.
    ///
    /// Unless set, that is what the headers `Authorization` and `Cookie` contain. That is safe, but a client whose token or
    /// cookies change between two attempts counts as another one, and its request is done again. If yours may change, return
    /// what stays the same, such as the user that a layer has found. Return it only if it has been verified: with the name of
    /// another client somebody could ask for that client's response.
    pub fn client(mut self, client: impl Fn(&Parts) -> String + Send + Sync + 'static) -> Self {
        self.client = Arc::new(client);
        self
    }
}

/// The headers that say who the client is.
fn credentials(parts: &Parts) -> String {
    let mut credentials = String::new();
    for name in [header::AUTHORIZATION, header::COOKIE] {
        for value in parts.headers.get_all(&name) {
            credentials.push_str(name.as_str());
            credentials.push_str(&String::from_utf8_lossy(value.as_bytes()));
            credentials.push('\n');
        }
    }
    credentials
}

impl fmt::Debug for Idempotency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idempotency")
            .field("limits", &self.limits)
            .field("max_response_bytes", &self.max_response_bytes)
            .finish_non_exhaustive()
    }
}

/// The settings of an application, with the responses of its store.
pub(crate) struct IdempotentCalls {
    pub(super) responses: Arc<Responses>,
    settings: Idempotency,
}

impl IdempotentCalls {
    pub(crate) fn new(settings: Idempotency, responses: &Arc<Responses>) -> Arc<Self> {
        responses.set_limits(settings.limits);
        let responses = Arc::clone(responses);
        Arc::new(Self {
            responses,
            settings,
        })
    }

    pub(super) fn client(&self, parts: &Parts) -> String {
        (self.settings.client)(parts)
    }

    pub(super) fn max_response_bytes(&self) -> usize {
        self.settings.max_response_bytes
    }
}
