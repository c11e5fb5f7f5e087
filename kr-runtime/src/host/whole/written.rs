//! Writing the document of a snapshot.

use super::clixml_document;
use super::error::HostSnapshotError;
use super::json_document;
use super::snapshot::HostSnapshot;
use crate::snapshot::{FileError, write_private};
use std::path::Path;

impl HostSnapshot {
    /// The document as CLIXML, which PowerShell reads: an object with a property for each state.
    ///
    /// # Errors
    /// [`HostSnapshotError::Unwritable`] if a value does not fit CLIXML.
    pub fn to_clixml(&self) -> Result<String, HostSnapshotError> {
        clixml_document::write(self)
    }

    /// The document as JSON, with a checksum.
    ///
    /// # Errors
    /// [`HostSnapshotError::Unwritable`] if a value has a part that JSON has no form for.
    pub fn to_json(&self) -> Result<String, HostSnapshotError> {
        json_document::write(self)
    }

    /// Writes the document to a file, as CLIXML if its name ends in `.xml`, otherwise as JSON. The file is replaced
    /// atomically and durably. A new one can be read by its owner alone, since there may be secrets in it.
    ///
    /// This blocks; in an async function, call it through [`tokio::task::spawn_blocking`].
    ///
    /// # Errors
    /// [`HostSnapshotError`]; an existing file is unchanged.
    pub fn write_to(&self, path: impl AsRef<Path>) -> Result<(), HostSnapshotError> {
        let path = path.as_ref();
        let document = self.to_document(path)?;
        let written = write_private(path, document.as_bytes());
        written.map_err(|error: FileError| HostSnapshotError::Unwritable {
            place: "the snapshot".to_owned(),
            reason: error.to_string(),
        })
    }

    /// The document in the form that the name of a file asks for.
    pub(crate) fn to_document(&self, path: &Path) -> Result<String, HostSnapshotError> {
        let extension = path.extension();
        match extension.is_some_and(|it| it.eq_ignore_ascii_case("xml")) {
            true => self.to_clixml(),
            false => self.to_json(),
        }
    }
}
