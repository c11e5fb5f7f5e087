//! A state as a CLIXML document, out and in.

mod file;

use crate::clixml;
use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Deref;

pub use file::FileError;
pub(crate) use file::{root_error, set_root};

/// A value whose other form is PowerShell's serialized XML.
///
/// Going out, wrap the state, or a reference to it: no copy is made. Coming in, make it a field of a request type; it is
/// decoded with the body, before any lock is taken, and what cannot be decoded is answered with 400. In JSON a snapshot is
/// a string that holds the document.
///
/// ```
/// use kr_runtime::Snapshot;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Debug, PartialEq, Serialize, Deserialize)]
/// #[serde(rename_all = "PascalCase")]
/// struct Visits {
///     visit_count: i32,
/// }
///
/// # fn main() -> Result<(), kr_runtime::clixml::Error> {
/// let visits = Visits { visit_count: 2 };
/// let document = Snapshot::new(&visits).to_string()?;
/// assert!(document.contains(r#"<I32 N="VisitCount">2</I32>"#));
///
/// let restored: Snapshot<Visits> = Snapshot::from_str(&document)?;
/// assert_eq!(restored.into_inner(), visits);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot<S>(S);

impl<S> Snapshot<S> {
    /// A snapshot of a value, or of a reference to one.
    pub fn new(state: S) -> Self {
        Self(state)
    }

    /// The value.
    pub fn into_inner(self) -> S {
        self.0
    }
}

impl<S: Serialize> Snapshot<S> {
    /// The document as text, as PowerShell writes it.
    ///
    /// # Errors
    /// If the value has a part that CLIXML has no form for, such as an `i128`.
    #[allow(clippy::inherent_to_string_shadow_display)]
    pub fn to_string(&self) -> Result<String, clixml::Error> {
        clixml::to_string(&self.0)
    }

    /// The document as UTF-8, without a byte order mark.
    ///
    /// # Errors
    /// As [`to_string`](Self::to_string).
    pub fn to_vec(&self) -> Result<Vec<u8>, clixml::Error> {
        clixml::to_vec(&self.0)
    }
}

impl<S: DeserializeOwned> Snapshot<S> {
    /// Reads a document.
    ///
    /// # Errors
    /// If it is not CLIXML or not a snapshot of an `S`; the error says where and why.
    #[allow(clippy::should_implement_trait)] // The trait would hide the error's type behind an import.
    pub fn from_str(document: &str) -> Result<Self, clixml::Error> {
        clixml::from_str(document).map(Self)
    }

    /// Reads a document in UTF-8, or in UTF-16 or UTF-32 with a byte order mark.
    ///
    /// # Errors
    /// As [`from_str`](Self::from_str), or if the bytes are no text.
    pub fn from_slice(document: &[u8]) -> Result<Self, clixml::Error> {
        clixml::from_slice(document).map(Self)
    }
}

impl<S> Deref for Snapshot<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.0
    }
}

impl<S: Serialize> Serialize for Snapshot<S> {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        let document = self.to_string().map_err(T::Error::custom)?;
        serializer.serialize_str(&document)
    }
}

impl<'de, S: DeserializeOwned> Deserialize<'de> for Snapshot<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(&Cow::<'de, str>::deserialize(deserializer)?)
    }
}

/// How the error of a snapshot inside another document starts, so that it is known from errors of that document.
pub(crate) const SNAPSHOT_ERROR_PREFIX: &str = "unreadable snapshot: ";

fn read<S: DeserializeOwned, E: serde::de::Error>(document: &str) -> Result<Snapshot<S>, E> {
    Snapshot::from_str(document)
        .map_err(|error| E::custom(format_args!("{SNAPSHOT_ERROR_PREFIX}{error}")))
}

/// For `#[serde(default, with = "kr_runtime::snapshot::optional")]`: a snapshot that is missing, null or blank is `None`.
pub mod optional {
    use super::{Deserialize, DeserializeOwned, Deserializer, Serialize, Serializer, Snapshot};
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
            Some(document) if !document.trim().is_empty() => super::read(&document).map(Some),
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
}
