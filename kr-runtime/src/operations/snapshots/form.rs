//! The form of a document.

use crate::http::Problem;

/// The form of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Clixml,
}

impl Form {
    /// As in a query; JSON unless it says something else.
    pub(crate) fn of(text: &str) -> Result<Self, Problem> {
        match text {
            "" | "json" => Ok(Self::Json),
            "clixml" | "xml" => Ok(Self::Clixml),
            _ => Err(Problem::bad_request("`format` is `json` or `clixml`")),
        }
    }

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Clixml => "xml",
        }
    }
}
