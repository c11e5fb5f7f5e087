//! A document in a temporary file without a name: it may be larger than memory has room for, nobody else can read it, and it
//! is gone when nobody needs it any more.
//!
//! A snapshot that is downloaded is written there first. Written to a slow client, its values would be in use for as long as
//! that takes, and nobody could change them in place.

use super::form::Form;
use crate::host::whole::read_from;
use crate::host::{AnyHost, HostSnapshot, HostSnapshotError};
use crate::http::Problem;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use futures_util::stream::{Stream, StreamExt, unfold};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::{block_in_place, spawn_blocking};

/// The largest document that is taken, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024 * 1024;

/// How much of it is sent at once.
const PART: usize = 256 * 1024;

/// A document in a temporary file.
pub(crate) struct Document {
    file: Mutex<File>,
    length: u64,
}

impl Document {
    /// Writes a snapshot. This blocks.
    pub(super) fn write(snapshot: &HostSnapshot, form: Form) -> Result<Self, HostSnapshotError> {
        let failed = |error: io::Error| HostSnapshotError::Unwritable {
            place: "the snapshot".to_owned(),
            reason: error.to_string(),
        };
        let mut file = tempfile::tempfile().map_err(failed)?;
        match form {
            Form::Json => snapshot.write_json(&mut file, |_| ())?,
            Form::Clixml => {
                let text = snapshot.to_clixml()?;
                file.write_all(text.as_bytes()).map_err(failed)?;
            }
        }
        Ok(Self {
            length: file.stream_position().map_err(failed)?,
            file: Mutex::new(file),
        })
    }

    /// Takes what somebody sends.
    pub(crate) async fn receive(
        mut parts: impl Stream<Item = Result<Bytes, Problem>> + Unpin,
    ) -> Result<Self, Problem> {
        let failed = |error: io::Error| {
            Problem::unavailable(format!("what was sent cannot be kept for now: {error}"))
        };
        let mut file = tempfile::tempfile().map_err(failed)?;
        let mut length = 0;
        while let Some(part) = parts.next().await {
            let part = part?;
            length += part.len() as u64;
            if length > LARGEST {
                let detail = format!("a snapshot may have {LARGEST} bytes");
                return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
            }
            block_in_place(|| file.write_all(&part)).map_err(failed)?;
        }
        Ok(Self {
            file: Mutex::new(file),
            length,
        })
    }

    /// Reads the snapshot. This blocks.
    pub(super) fn read(
        self: &Arc<Self>,
        host: &dyn AnyHost,
    ) -> Result<HostSnapshot, HostSnapshotError> {
        let mut reader = BufReader::with_capacity(64 * 1024, self.reader());
        read_from(&host.state_fields(), &mut reader, &mut |_| ())
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// As the body of a response.
    pub(crate) fn body(self: &Arc<Self>) -> Body {
        let parts = unfold(self.reader(), async |mut reader| {
            let read = spawn_blocking(move || {
                let mut part = vec![0; PART];
                let read = reader.read(&mut part).map(|length| {
                    part.truncate(length);
                    part
                });
                (read, reader)
            });
            let (part, reader) = read.await.ok()?;
            match part {
                Ok(part) if part.is_empty() => None,
                part => Some((part.map(Bytes::from), reader)),
            }
        });
        Body::from_stream(parts)
    }

    fn reader(self: &Arc<Self>) -> DocumentReader {
        DocumentReader {
            document: Arc::clone(self),
            position: 0,
        }
    }
}

/// Reads a document from its beginning. There may be several at once.
struct DocumentReader {
    document: Arc<Document>,
    position: u64,
}

impl Read for DocumentReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let file = self.document.file.lock();
        let mut file = file.unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.position))?;
        let length = file.read(buffer)?;
        self.position += length as u64;
        Ok(length)
    }
}
