//! Why a value cannot be kept, and where in it.

use serde::ser::{self, Error as _};
use std::fmt::{self, Display};

/// Why a value cannot be kept, and where in it.
#[derive(Debug)]
pub(super) struct NotStorable {
    /// Its parts, the innermost first.
    path: Vec<String>,
    reason: String,
}

impl NotStorable {
    pub(super) fn at(mut self, part: impl Into<String>) -> Self {
        self.path.push(part.into());
        self
    }
}

impl Display for NotStorable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        if !self.path.is_empty() {
            let path: String = self.path.iter().rev().map(String::as_str).collect();
            // A deep path is cut in the middle of nowhere: its start tells enough.
            let shown: String = path.trim_start_matches('.').chars().take(200).collect();
            write!(f, ", at `{shown}`")?;
        }
        Ok(())
    }
}

impl std::error::Error for NotStorable {}

impl ser::Error for NotStorable {
    fn custom<T: Display>(reason: T) -> Self {
        Self {
            path: Vec::new(),
            reason: reason.to_string(),
        }
    }
}

/// JSON has finite numbers only.
pub(super) fn check_float(is_finite: bool) -> Result<(), NotStorable> {
    match is_finite {
        true => Ok(()),
        false => Err(NotStorable::custom(
            "NaN and the infinities have no form in JSON and would not read back",
        )),
    }
}
