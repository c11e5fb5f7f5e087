//! Writes a snapshot of a whole host as JSON, one value after another: the document is never in memory as a whole.
//!
//! ```json
//! {"kr-snapshot":1,"kr":"0.1.0","taken":"…","values":2,"states":{
//!   "Page":{"lock":"page","version":1,"revision":3,"value":{…}},
//!   "Cart":{"lock":"cart:{id}","version":1,"instances":[{"key":[7],"revision":1,"value":{…}}]}},
//!  "sha256":"…"}
//! ```
//!
//! The checksum is of the text of `states`, from brace to brace.

use super::checksum::Checksum;
use super::error::HostSnapshotError;
use super::form::{FORMAT, place};
use super::progress::SnapshotProgress;
use super::snapshot::{Content, HostSnapshot, StateContent};
use crate::store::{Value, key_to_json};
use serde_json::{Value as Json, json};
use std::io::{self, BufWriter, Write};

/// Writes a document.
pub(super) fn write(
    snapshot: &HostSnapshot,
    writer: &mut dyn Write,
    progress: &mut dyn FnMut(SnapshotProgress),
) -> Result<(), HostSnapshotError> {
    let mut output = Output {
        writer: BufWriter::with_capacity(64 * 1024, writer),
        bytes: 0,
        checksum: None,
    };
    let head = json!({
        "kr-snapshot": FORMAT,
        "kr": env!("CARGO_PKG_VERSION"),
        "taken": snapshot.taken.to_string(),
        "values": snapshot.values(),
    });
    let mut head = head.to_string();
    // The closing brace comes at the end.
    head.pop();
    output.text(&head)?;
    output.text(",\"states\":")?;
    output.checksum = Some(Checksum::default());
    let mut done = SnapshotProgress {
        of: Some(snapshot.values()),
        ..SnapshotProgress::default()
    };
    let mut written = |output: &Output<'_>| {
        done.values += 1;
        done.bytes = output.bytes;
        progress(done);
    };
    output.text("{")?;
    for (number, state) in snapshot.states.iter().enumerate() {
        if number > 0 {
            output.text(",")?;
        }
        write_state(&mut output, state, &mut written)?;
    }
    output.text("}")?;
    let checksum = output.checksum.take().unwrap_or_default();
    output.text(&format!(",\"sha256\":\"{}\"}}\n", checksum.finish()))?;
    output.writer.flush().map_err(failed)?;
    done.bytes = output.bytes;
    progress(done);
    Ok(())
}

fn write_state(
    output: &mut Output<'_>,
    it: &StateContent,
    written: &mut dyn FnMut(&Output<'_>),
) -> Result<(), HostSnapshotError> {
    let name = it.state.name;
    let head = format!(
        "{}:{{\"lock\":{},\"version\":{}",
        Json::from(name),
        Json::from(it.state.lock),
        it.state.traits.version
    );
    output.text(&head)?;
    match &it.content {
        Content::Single(value, revision) => {
            output.text(&format!(",\"revision\":{revision},\"value\":"))?;
            output.value(it, value, None)?;
            written(output);
        }
        Content::Keyed(instances) => {
            output.text(",\"instances\":[")?;
            for (number, (key, value, revision)) in instances.iter().enumerate() {
                let separator = if number > 0 { "," } else { "" };
                let key = key_to_json(it.state.lock, key).unwrap_or(Json::Null);
                output.text(&format!(
                    "{separator}{{\"key\":{key},\"revision\":{revision},\"value\":"
                ))?;
                output.value(it, value, Some(&key))?;
                output.text("}")?;
                written(output);
            }
            output.text("]")?;
        }
    }
    output.text("}")
}

/// Where a document is written to.
struct Output<'w> {
    writer: BufWriter<&'w mut dyn Write>,
    bytes: u64,
    /// While the states are written.
    checksum: Option<Checksum>,
}

impl Output<'_> {
    fn text(&mut self, text: &str) -> Result<(), HostSnapshotError> {
        self.write_all(text.as_bytes()).map_err(failed)
    }

    fn value(
        &mut self,
        it: &StateContent,
        value: &Value,
        key: Option<&Json>,
    ) -> Result<(), HostSnapshotError> {
        let written = (it.codec.write_json)(value.as_ref(), self);
        written.map_err(|reason| HostSnapshotError::Unwritable {
            place: place(it.state.name, key),
            reason,
        })
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        if let Some(checksum) = &mut self.checksum {
            checksum.add(&bytes[..written]);
        }
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn failed(error: io::Error) -> HostSnapshotError {
    HostSnapshotError::Unwritable {
        place: "the snapshot".to_owned(),
        reason: error.to_string(),
    }
}
