//! Where in the program a lock is taken.

use std::fmt;
use std::panic::Location;

/// The name of a route, as the log shows it: `visit (POST /visit)`.
#[derive(Debug, Clone)]
pub struct Label(pub &'static str);

/// A route, or a line of code that takes a lock itself.
#[derive(Clone, Copy)]
pub(crate) enum CallSite {
    Route(&'static Label),
    Code(&'static Location<'static>),
}

impl CallSite {
    /// The line of code that calls.
    #[track_caller]
    pub(crate) fn here() -> Self {
        Self::Code(Location::caller())
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for CallSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Route(label) => write!(f, "route {label}"),
            Self::Code(location) => write!(f, "{location}"),
        }
    }
}
