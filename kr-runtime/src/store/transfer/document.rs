//! The document of an export: a line of JSON for each row, after a line that says what it is.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The version of this form.
pub(super) const VERSION: u32 = 1;

/// A line.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Line<'l> {
    /// The first one.
    Start {
        #[serde(rename = "kr-export")]
        version: u32,
    },
    /// The row of a lock.
    Row {
        space: Cow<'l, str>,
        key: Value,
        row: &'l RawValue,
    },
    /// The greatest revision of a removed instance.
    Removed {
        space: Cow<'l, str>,
        last_removed: u64,
    },
    /// A response that is kept with its commit.
    Response {
        /// Base 64.
        response: Cow<'l, str>,
        /// How long it is kept from now on.
        keep_for_ms: u64,
    },
}

/// The members of any line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members<'l> {
    #[serde(rename = "kr-export")]
    version: Option<u32>,
    #[serde(borrow)]
    space: Option<Cow<'l, str>>,
    key: Option<Value>,
    #[serde(borrow)]
    row: Option<&'l RawValue>,
    last_removed: Option<u64>,
    #[serde(borrow)]
    response: Option<Cow<'l, str>>,
    keep_for_ms: Option<u64>,
}

impl<'l> Line<'l> {
    pub(super) fn parse(text: &'l str) -> Result<Self, String> {
        let members: Members<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let line = match members {
            Members {
                version: Some(version),
                ..
            } => Self::Start { version },
            Members {
                space: Some(space),
                key: Some(key),
                row: Some(row),
                ..
            } => Self::Row { space, key, row },
            Members {
                space: Some(space),
                last_removed: Some(last_removed),
                ..
            } => Self::Removed {
                space,
                last_removed,
            },
            Members {
                response: Some(response),
                keep_for_ms: Some(keep_for_ms),
                ..
            } => Self::Response {
                response,
                keep_for_ms,
            },
            _ => return Err("it has neither a row nor anything else of a store".to_owned()),
        };
        Ok(line)
    }
}
