//! Reading a document: everything is checked before anything is used.

use super::clixml_document;
use super::error::HostSnapshotError;
use super::found::{FORMAT, Found, FoundContent, place};
use super::json_document;
use super::snapshot::{Content, HostSnapshot, StateContent};
use crate::state::{HostField, SnapshotCodec};
use crate::store::Value;
use serde_json::Value as Json;
use std::collections::HashSet;

/// Reads a document of a host with these fields.
pub(crate) fn read(
    fields: &[HostField<'_>],
    document: &[u8],
) -> Result<HostSnapshot, HostSnapshotError> {
    let first = document.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        Some(b'{') => decode(fields, json_document::read(document)?, |codec, json| {
            (codec.from_json)(json)
        }),
        _ => decode(
            fields,
            clixml_document::read(document)?,
            |codec, value: crate::clixml::Value| (codec.from_clixml)(&value),
        ),
    }
}

fn decode<V>(
    fields: &[HostField<'_>],
    found: Found<V>,
    decode: fn(&SnapshotCodec, V) -> Result<Value, String>,
) -> Result<HostSnapshot, HostSnapshotError> {
    let wrong = |reason: String| HostSnapshotError::Document { reason };
    if found.format != FORMAT {
        return Err(wrong(format!(
            "it has form {}, and this program knows form {FORMAT}",
            found.format
        )));
    }
    let mut snapshot = HostSnapshot {
        taken: jiff::Timestamp::now(),
        states: Vec::new(),
        left_out: Vec::new(),
    };
    let mut states = found.states;
    for field in fields {
        let state = *field.state_type();
        let Some(content) = states.remove(state.name) else {
            snapshot.left_out.push(state.name);
            continue;
        };
        let codec = state.traits.snapshot.ok_or_else(|| {
            wrong(format!(
                "state `{}` is `transient` here, or cannot be read",
                state.name
            ))
        })?;
        if content.version != state.traits.version {
            return Err(wrong(format!(
                "state `{}` has version {} there and version {} here",
                state.name, content.version, state.traits.version
            )));
        }
        let read = |value: V, key: Option<&Json>| {
            decode(&codec, value).map_err(|reason| HostSnapshotError::Unreadable {
                place: place(state.name, key),
                reason,
            })
        };
        let content = match (content.content, field) {
            (FoundContent::Single(value, revision), HostField::Single(_)) => {
                Content::Single(read(value, None)?, revision)
            }
            (FoundContent::Keyed(instances), HostField::Keyed(_)) => {
                let mut keys = HashSet::new();
                let mut list = Vec::with_capacity(instances.len());
                for instance in instances {
                    let value = read(instance.value, Some(&instance.shown))?;
                    if !keys.insert(instance.key.clone()) {
                        let place = place(state.name, Some(&instance.shown));
                        return Err(wrong(format!("{place} is there twice")));
                    }
                    list.push((instance.key, value, instance.revision));
                }
                Content::Keyed(list)
            }
            (FoundContent::Single(..), HostField::Keyed(_)) => {
                return Err(wrong(format!("state `{}` has no keys there", state.name)));
            }
            (FoundContent::Keyed(_), HostField::Single(_)) => {
                return Err(wrong(format!("state `{}` has keys there", state.name)));
            }
        };
        snapshot.states.push(StateContent {
            state,
            codec,
            content,
        });
    }
    if let Some(name) = states.keys().next() {
        return Err(wrong(format!("there is no state `{name}` here")));
    }
    if snapshot.values() != found.values {
        return Err(wrong(format!(
            "{} values are there, and {} should be",
            snapshot.values(),
            found.values
        )));
    }
    Ok(snapshot)
}
