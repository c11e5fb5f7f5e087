//! What the attributes of a handler say.

use axum::routing::MethodFilter;
use std::fmt;
use std::time::Duration;

/// What the attributes of a handler say.
#[derive(Debug)]
pub struct Meta {
    /// The function's name.
    pub handler: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path, as axum reads it.
    pub path: &'static str,
    /// The keys in `#[locked]`, as written.
    pub locks: &'static [&'static str],
    /// Whether the locks are taken: a handler that only reads names them and takes none.
    pub takes_locks: bool,
    /// Whether anything is taken out of the request.
    pub extracts: bool,
    /// Whether an argument may read the body.
    pub reads_body: bool,
    /// How long to wait for the locks, if the handler has a say.
    pub wait: Option<Duration>,
    /// How long an async handler may hold them, if the handler has a say.
    pub hold: Option<Duration>,
}

impl Meta {
    /// For a handler that has not compiled: it has no path.
    #[must_use]
    pub const fn broken(handler: &'static str) -> Self {
        Self {
            handler,
            method: Method::Get,
            path: "",
            locks: &[],
            takes_locks: false,
            extracts: false,
            reads_body: false,
            wait: None,
            hold: None,
        }
    }
}

impl fmt::Display for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` ({} {})",
            self.handler,
            self.method.as_str(),
            self.path
        )
    }
}

/// The HTTP methods that axum routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Head,
    Options,
    Trace,
    Connect,
}

impl Method {
    /// The name as it stands in a request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Trace => "TRACE",
            Self::Connect => "CONNECT",
        }
    }

    pub(crate) fn is(self, method: &axum::http::Method) -> bool {
        self.as_str() == method.as_str()
    }

    pub(crate) fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Put => MethodFilter::PUT,
            Self::Patch => MethodFilter::PATCH,
            Self::Delete => MethodFilter::DELETE,
            Self::Head => MethodFilter::HEAD,
            Self::Options => MethodFilter::OPTIONS,
            Self::Trace => MethodFilter::TRACE,
            Self::Connect => MethodFilter::CONNECT,
        }
    }
}
