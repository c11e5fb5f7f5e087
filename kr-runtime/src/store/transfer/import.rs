//! Reading an export into an empty store.

use super::super::engine::{ResponseRecord, RowAddress, RowChange};
use super::super::{Durable, Store, StoreError};
use super::copy::{Progress, ROWS_AT_ONCE, Raw, Target, removal};
use super::document::{Line, VERSION};
use super::key_json;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::io::BufRead;
use std::sync::Arc;
use std::time::Duration;

impl Store<Durable> {
    /// Reads what [`export`](Self::export) has written into this store, which must be empty.
    ///
    /// The thread waits for the disk. If the document turns out to be none, the lines before that are in the store; it is
    /// best to start again with an empty one.
    ///
    /// # Errors
    /// [`StoreError`] with the number of the line that cannot be read, or if the store is not empty or fails.
    pub fn import(
        &self,
        from: impl BufRead,
        mut progress: impl FnMut(Progress),
    ) -> Result<Progress, StoreError> {
        self.must_be_empty()?;
        let mut to = Raw(self);
        let mut done = Progress::default();
        let (mut rows, mut responses) = (Vec::new(), Vec::new());
        let mut has_start = false;
        for (index, line) in from.lines().enumerate() {
            let failed = |reason: String| StoreError::NoExport {
                line: index + 1,
                reason,
            };
            let text = line.map_err(|error| failed(error.to_string()))?;
            match Line::parse(&text).map_err(failed)? {
                Line::Start { version: VERSION } => has_start = true,
                Line::Start { version } => {
                    return Err(failed(format!(
                        "it has version {version}, which is newer than this program"
                    )));
                }
                _ if !has_start => return Err(failed("it does not begin as an export".to_owned())),
                Line::Row { space, key, row } => {
                    let key = key_json::from_json(&space, &key);
                    let key = key.ok_or_else(|| failed("its `key` is none".to_owned()))?;
                    rows.push(RowChange {
                        address: RowAddress {
                            space: Arc::from(&*space),
                            key,
                        },
                        revision: 0,
                        row: Some(row.get().as_bytes().to_vec()),
                    });
                    done.rows += 1;
                }
                Line::Removed {
                    space,
                    last_removed,
                } => rows.push(removal(&Arc::from(&*space), last_removed)),
                Line::Response {
                    response,
                    keep_for_ms,
                } => {
                    let record = BASE64_STANDARD.decode(&*response).ok().and_then(|bytes| {
                        ResponseRecord::from_bytes(&bytes, Duration::from_millis(keep_for_ms))
                    });
                    responses
                        .push(record.ok_or_else(|| failed("its `response` is none".to_owned()))?);
                    done.responses += 1;
                }
            }
            if rows.len() + responses.len() >= ROWS_AT_ONCE {
                to.write(std::mem::take(&mut rows), std::mem::take(&mut responses))?;
                done.of_rows = done.rows;
                progress(done);
            }
        }
        if !has_start {
            return Err(StoreError::NoExport {
                line: 1,
                reason: "it is empty".to_owned(),
            });
        }
        to.write(rows, responses)?;
        done.of_rows = done.rows;
        progress(done);
        Ok(done)
    }
}
