//! A value as a CLIXML document.

use crate::clixml;
use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Deref;

/// A value that is written and read as PowerShell's serialized XML.
///
/// To send a snapshot, wrap the state or a reference to it; nothing is copied. To receive one, make it a field of a
/// request type. It is decoded with the body, before a lock is taken, and an invalid snapshot is answered with 400. In
/// JSON a snapshot is a string that holds the document.
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
    /// If the value has a part that CLIXML has no form for, such as an `i128`, or nests deeper than PowerShell reads, or is
    /// larger than [`from_str`](Self::from_str) reads.
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

    /// Whether the document can be written.
    ///
    /// PowerShell reads 49 levels of objects and lists. Most types cannot nest so deep, but one that contains itself can, and
    /// that depends on the value. Check the initial value at the start, and check where the value grows, so that nobody finds
    /// out when the state is to be saved:
    ///
    /// ```
    /// use kr_runtime::Snapshot;
    /// use kr_runtime::prelude::*;
    ///
    /// #[derive(Clone, Default, Serialize, SharedState)]
    /// #[shared_state(lock = "folders")]
    /// struct Folder {
    ///     folders: Vec<Folder>,
    /// }
    ///
    /// #[kr_route(post, "/deepen")]
    /// #[locked("folders")]
    /// fn deepen(folder: &mut Folder) -> Result<StatusCode, Problem> {
    ///     *folder = Folder { folders: vec![std::mem::take(folder)] };
    ///     // The error drops the draft.
    ///     let saved = Snapshot::new(&*folder).check();
    ///     saved.map_err(|_| Problem::bad_request("no deeper, please"))?;
    ///     Ok(StatusCode::OK)
    /// }
    ///
    /// let mut folder = Folder::default();
    /// Snapshot::new(&folder).check()?;
    /// while deepen(&mut folder).is_ok() {}
    /// let error = Snapshot::new(&folder).to_string().unwrap_err();
    /// assert!(error.to_string().contains("deeper than the 49 levels"));
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// It takes as long as writing the document. Deeper documents can be written for kr alone, with
    /// [`WriteOptions::readable_by`](clixml::WriteOptions::readable_by).
    ///
    /// # Errors
    /// As [`to_string`](Self::to_string).
    pub fn check(&self) -> Result<(), clixml::Error> {
        self.to_string().map(drop)
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

/// The prefix of errors of a snapshot inside another document. It tells them from errors of that document.
pub(crate) const SNAPSHOT_ERROR_PREFIX: &str = "unreadable snapshot: ";

pub(super) fn read<S: DeserializeOwned, E: serde::de::Error>(
    document: &str,
) -> Result<Snapshot<S>, E> {
    Snapshot::from_str(document)
        .map_err(|error| E::custom(format_args!("{SNAPSHOT_ERROR_PREFIX}{error}")))
}
