//! Reading a document, whatever its form is: everything is checked before anything is used.

use super::clixml_document;
use super::error::HostSnapshotError;
use super::json_reader;
use super::progress::SnapshotProgress;
use super::snapshot::HostSnapshot;
use crate::state::HostField;
use std::io::{self, BufRead};

/// Reads a document of a host with these fields. JSON is read value by value, CLIXML as a whole.
pub(crate) fn read_from(
    fields: &[HostField<'_>],
    reader: &mut dyn BufRead,
    progress: &mut dyn FnMut(SnapshotProgress),
) -> Result<HostSnapshot, HostSnapshotError> {
    let failed = |error: io::Error| HostSnapshotError::Unreadable {
        place: "the document".to_owned(),
        reason: error.to_string(),
    };
    if first_byte(reader).map_err(failed)? == Some(b'{') {
        return json_reader::read(fields, reader, progress);
    }
    let mut document = Vec::new();
    reader.read_to_end(&mut document).map_err(failed)?;
    let snapshot = clixml_document::read(fields, &document)?;
    progress(SnapshotProgress {
        values: snapshot.values(),
        of: Some(snapshot.values()),
        bytes: document.len() as u64,
    });
    Ok(snapshot)
}

/// The first byte that is no space, which stays to be read.
fn first_byte(reader: &mut dyn BufRead) -> io::Result<Option<u8>> {
    loop {
        let bytes = reader.fill_buf()?;
        let spaces = bytes.iter().take_while(|byte| byte.is_ascii_whitespace());
        let spaces = spaces.count();
        match bytes.get(spaces) {
            Some(byte) => return Ok(Some(*byte)),
            None if bytes.is_empty() => return Ok(None),
            None => reader.consume(spaces),
        }
    }
}
