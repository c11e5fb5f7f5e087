//! What the attributes of a handler say.

use crate::lock::Label;
use std::fmt;
use std::time::Duration;

/// What the attributes of a handler say.
#[derive(Debug, Clone)]
pub struct HandlerInfo {
    /// The handler as messages show it: `` `visit` (POST /visit) ``.
    pub label: Label,
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
    /// Whether anything is extracted from the request.
    pub extracts: bool,
    /// Whether an argument may read the body.
    pub reads_body: bool,
    /// How long to wait for the locks, if the handler says so.
    pub lock_timeout: Option<Duration>,
    /// How long an async handler may hold them, if the handler says so.
    pub hold_timeout: Option<Duration>,
    /// How old the values may be that it reads, if the handler says so.
    pub stale: Option<Duration>,
}

impl HandlerInfo {
    /// For a handler that has not compiled: it has no path.
    #[must_use]
    pub const fn placeholder(handler: &'static str) -> Self {
        Self {
            label: Label(handler),
            handler,
            method: Method::Get,
            path: "",
            locks: &[],
            takes_locks: false,
            extracts: false,
            reads_body: false,
            lock_timeout: None,
            hold_timeout: None,
            stale: None,
        }
    }

    /// The same handler under a prefix. It is never freed, as what attributes say is not.
    pub(crate) fn under(&self, prefix: &str) -> &'static Self {
        let path = match self.path {
            "/" => prefix.to_owned(),
            path => format!("{prefix}{path}"),
        };
        let path: &'static str = path.leak();
        let label = format!("`{}` ({} {path})", self.handler, self.method.as_str());
        Box::leak(Box::new(Self {
            label: Label(label.leak()),
            path,
            ..self.clone()
        }))
    }
}

impl fmt::Display for HandlerInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.label.fmt(f)
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
    /// All of them.
    #[cfg(feature = "operations")]
    pub(crate) const ALL: [Self; 9] = [
        Self::Get,
        Self::Post,
        Self::Put,
        Self::Patch,
        Self::Delete,
        Self::Head,
        Self::Options,
        Self::Trace,
        Self::Connect,
    ];

    /// The name, as in a request.
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
}
