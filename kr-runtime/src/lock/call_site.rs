//! Where in the program a lock is taken.

use crate::check::handler_info::Meta;
use std::fmt;
use std::panic::Location;

/// A route, or a line of code that takes a lock itself.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    Route(&'static Meta),
    Code(&'static Location<'static>),
}

impl Place {
    /// The line of code that calls.
    #[track_caller]
    pub(crate) fn here() -> Self {
        Self::Code(Location::caller())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Route(meta) => write!(f, "route {meta}"),
            Self::Code(location) => write!(f, "{location}"),
        }
    }
}
