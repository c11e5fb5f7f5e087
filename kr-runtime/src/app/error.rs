//! Why an application cannot start, or stopped badly.

use crate::store::StoreError;
use std::fmt;
use std::io;
use std::net::SocketAddr;

/// The result of starting and running an application.
///
/// ```no_run
/// # use kr_runtime::prelude::*;
/// # #[derive(Host)]
/// # struct Empty {}
/// #[tokio::main]
/// async fn main() -> kr_runtime::Result<()> {
///     App::new("Empty", Empty {}).run().await
/// }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an application cannot start, or did not stop as it should.
///
/// `Debug` prints the same sentences as `Display`, since that is what `main` shows when it returns an error.
///
/// ```
/// # use kr_runtime::prelude::*;
/// # #[derive(Host)]
/// # struct Empty {}
/// let error = App::new("Empty", Empty {}).endpoint("nowhere").build().unwrap_err();
/// assert!(error.to_string().starts_with("`Empty` cannot start: `nowhere` is no address"));
/// ```
#[non_exhaustive]
pub enum Error {
    /// The application is configured wrongly. Every error that was found is listed.
    Configuration {
        /// The application's name.
        app: String,
        /// One sentence for each error: what is wrong, and what to do.
        errors: Vec<String>,
    },
    /// An address cannot be listened on.
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The server failed while it ran.
    Serve(io::Error),
    /// The store cannot be opened.
    Store(StoreError),
    /// The server was stopped before every handler had finished; the changes of those were dropped. Or it was stopped before
    /// the store had written every change, or before a background task had ended.
    Unfinished {
        /// How many async handlers were still running.
        handlers: usize,
        /// The background tasks that were still running, by name.
        tasks: Vec<String>,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration { app, errors } => match errors.as_slice() {
                [error] => write!(f, "`{app}` cannot start: {error}"),
                errors => {
                    write!(f, "`{app}` cannot start:")?;
                    errors
                        .iter()
                        .try_for_each(|error| write!(f, "\n  - {error}"))
                }
            },
            Self::Store(error) => error.fmt(f),
            Self::Listen { address, source } if source.kind() == io::ErrorKind::AddrInUse => {
                let port = address.port();
                write!(
                    f,
                    "cannot listen on {address}: port {port} is taken; stop the program that uses it, \
                     or choose another port, for example with `PORT={}` (`PORT=0` picks a free one)",
                    if port < 65_000 { port + 1 } else { port - 1 }
                )
            }
            Self::Listen { address, source }
                if source.kind() == io::ErrorKind::PermissionDenied =>
            {
                write!(
                    f,
                    "cannot listen on {address}: not permitted; choose a port from 1024 up, for example with `PORT=5000`"
                )
            }
            Self::Listen { address, source } => {
                write!(f, "cannot listen on {address}: {source}")
            }
            Self::Serve(source) => write!(f, "the server failed: {source}"),
            Self::Unfinished { handlers: 0, tasks } if tasks.is_empty() => {
                f.write_str("stopped before every request was answered")
            }
            Self::Unfinished { handlers: 0, tasks } => {
                let tasks = tasks.join("`, `");
                write!(f, "stopped before background task `{tasks}` had ended")
            }
            Self::Unfinished { handlers, .. } => write!(
                f,
                "stopped before {handlers} running handler(s) had finished; their changes were dropped"
            ),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } | Self::Serve(source) => Some(source),
            Self::Configuration { .. } | Self::Unfinished { .. } | Self::Store(_) => None,
        }
    }
}

/// So that `?` in `main` opens a store.
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
