//! Writing everything that a store has for a person, or for a store of another kind.

use super::super::engine::{ResponseRecord, RowChange};
use super::super::{Durable, Store, StoreError};
use super::copy::{Progress, Target, copy};
use super::document::{Line, VERSION};
use super::key_json;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::io::Write;

impl Store<Durable> {
    /// Writes everything as lines of JSON, one for each row, with the values as they are. What is written is of one moment,
    /// also while an application changes the states, and nobody waits for it.
    ///
    /// ```text
    /// {"kr-export":1}
    /// {"space":"","key":"page","row":{"revision":17,"epoch":"…","states":{"Page":{"version":1,"value":{"title":"Welcome"}}}}}
    /// {"space":"account:{}","key":[7],"row":{"revision":2,"epoch":"…","states":{"Account":{"version":1,"value":{"balance":5}}}}}
    /// ```
    ///
    /// The thread waits for the disk.
    ///
    /// # Errors
    /// [`StoreError`] if the store is memory or cannot be read, or if writing fails.
    pub fn export(
        &self,
        to: impl Write,
        progress: impl FnMut(Progress),
    ) -> Result<Progress, StoreError> {
        let snapshot = self.snapshot()?;
        let mut document = Document(to);
        document.line(&Line::Start { version: VERSION })?;
        let done = copy(&*snapshot, &mut document, progress)?;
        document.0.flush().map_err(not_written)?;
        Ok(done)
    }
}

struct Document<W>(W);

impl<W: Write> Document<W> {
    fn line(&mut self, line: &Line<'_>) -> Result<(), StoreError> {
        serde_json::to_writer(&mut self.0, line).map_err(not_written)?;
        self.0.write_all(b"\n").map_err(not_written)
    }
}

impl<W: Write> Target for Document<W> {
    fn write(
        &mut self,
        rows: Vec<RowChange>,
        responses: Vec<ResponseRecord>,
    ) -> Result<(), StoreError> {
        for change in rows {
            let space = Cow::Borrowed(&*change.address.space);
            let Some(row) = change.row else {
                let last_removed = change.revision;
                self.line(&Line::Removed {
                    space,
                    last_removed,
                })?;
                continue;
            };
            let lock = || key_json::text(&space, &change.address.key);
            let damaged = || StoreError::DamagedRow { lock: lock() };
            let row: &RawValue = serde_json::from_slice(&row).map_err(|_| damaged())?;
            let key = key_json::to_json(&space, &change.address.key).ok_or_else(damaged)?;
            self.line(&Line::Row { space, key, row })?;
        }
        for response in responses {
            let keep_for = response.keep_for().as_millis();
            self.line(&Line::Response {
                response: BASE64_STANDARD.encode(response.to_bytes()).into(),
                keep_for_ms: u64::try_from(keep_for).unwrap_or(u64::MAX),
            })?;
        }
        Ok(())
    }
}

fn not_written(error: impl std::fmt::Display) -> StoreError {
    StoreError::NotWritten {
        reason: error.to_string(),
    }
}
