//! For `#[serde(default, with = "kr_runtime::snapshot::optional")]`: a snapshot that is missing, null or blank is
//! `None`.

use super::document::{Snapshot, read};
use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Reads a document, if there is one.
///
/// # Errors
/// If there is one and it is not a snapshot of an `S`.
pub fn deserialize<'de, S, D>(deserializer: D) -> Result<Option<Snapshot<S>>, D::Error>
where
    S: DeserializeOwned,
    D: Deserializer<'de>,
{
    match Option::<Cow<'de, str>>::deserialize(deserializer)? {
        Some(document) if !document.trim().is_empty() => read(&document).map(Some),
        _ => Ok(None),
    }
}

/// Writes the document, or null.
///
/// # Errors
/// If the value has no form in CLIXML.
pub fn serialize<S, T>(snapshot: &Option<Snapshot<S>>, serializer: T) -> Result<T::Ok, T::Error>
where
    S: Serialize,
    T: Serializer,
{
    snapshot.serialize(serializer)
}
