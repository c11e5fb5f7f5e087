//! Writing the document of a snapshot.

use super::clixml_document;
use super::error::HostSnapshotError;
use super::json_writer;
use super::progress::SnapshotProgress;
use super::snapshot::HostSnapshot;
use crate::snapshot::{FileError, write_private};
use std::io::{self, Write};
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
        let mut document = Vec::new();
        self.write_json(&mut document, |_| ())?;
        String::from_utf8(document).map_err(|error| HostSnapshotError::Unwritable {
            place: "the snapshot".to_owned(),
            reason: error.to_string(),
        })
    }

    /// Writes the document as JSON, one value after another, and tells how far it is after each: it is never in memory as a
    /// whole. After an error, what was written is no document.
    ///
    /// This blocks; in an async function, call it through [`tokio::task::spawn_blocking`].
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// # fn show(_: usize, _: u64) {}
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let host = Empty {};
    /// let mut document = Vec::new(); // or a file
    /// host.snapshot().await?.write_json(&mut document, |done| show(done.values, done.bytes))?;
    /// let snapshot = host.read_snapshot_from(&document[..], |done| show(done.values, done.bytes))?;
    /// # assert_eq!(snapshot.values(), 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`HostSnapshotError::Unwritable`] if a value has a part that JSON has no form for, or the writer fails.
    pub fn write_json(
        &self,
        mut writer: impl Write,
        mut progress: impl FnMut(SnapshotProgress),
    ) -> Result<(), HostSnapshotError> {
        json_writer::write(self, &mut writer, &mut progress)
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
        let mut unwritable = None;
        let written = write_private(path, |file| {
            self.write_as(path, file).map_err(|error| {
                let shown = io::Error::other(error.to_string());
                unwritable = Some(error);
                shown
            })
        });
        written.map_err(|error: FileError| {
            unwritable.unwrap_or_else(|| HostSnapshotError::Unwritable {
                place: "the snapshot".to_owned(),
                reason: error.to_string(),
            })
        })
    }

    /// Writes the document in the form that the name of a file asks for.
    pub(crate) fn write_as(
        &self,
        path: &Path,
        mut writer: impl Write,
    ) -> Result<(), HostSnapshotError> {
        let extension = path.extension();
        if !extension.is_some_and(|it| it.eq_ignore_ascii_case("xml")) {
            return self.write_json(writer, |_| ());
        }
        let document = self.to_clixml()?;
        let written = writer.write_all(document.as_bytes());
        written.map_err(|error| HostSnapshotError::Unwritable {
            place: "the snapshot".to_owned(),
            reason: error.to_string(),
        })
    }
}
