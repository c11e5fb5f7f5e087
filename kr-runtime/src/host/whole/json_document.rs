//! A snapshot of a whole host as JSON.
//!
//! ```json
//! {"kr-snapshot":1,"kr":"0.1.0","taken":"…","values":2,"sha256":"…","states":{
//!   "Page":{"lock":"page","version":1,"revision":3,"value":{…}},
//!   "Cart":{"lock":"cart:{id}","version":1,"instances":[{"key":[7],"revision":1,"value":{…}}]}}}
//! ```
//!
//! The checksum is of the text of `states`, from brace to brace.

use super::error::HostSnapshotError;
use super::found::{FORMAT, Found, FoundContent, FoundInstance, FoundState, place};
use super::snapshot::{Content, HostSnapshot};
use crate::store::{key_from_json, key_to_json};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

pub(super) fn write(snapshot: &HostSnapshot) -> Result<String, HostSnapshotError> {
    let mut states = Map::new();
    for it in &snapshot.states {
        let name = it.state.name;
        let value = |value: &crate::store::Value, key: Option<&Json>| {
            (it.codec.to_json)(value.as_ref()).map_err(|reason| HostSnapshotError::Unwritable {
                place: place(name, key),
                reason,
            })
        };
        let mut state = json!({ "lock": it.state.lock, "version": it.state.traits.version });
        match &it.content {
            Content::Single(single, revision) => {
                state["revision"] = (*revision).into();
                state["value"] = value(single, None)?;
            }
            Content::Keyed(instances) => {
                let mut list = Vec::with_capacity(instances.len());
                for (key, instance, revision) in instances {
                    let key = key_to_json(it.state.lock, key).unwrap_or(Json::Null);
                    let value = value(instance, Some(&key))?;
                    list.push(json!({ "key": key, "revision": revision, "value": value }));
                }
                state["instances"] = list.into();
            }
        }
        states.insert(name.to_owned(), state);
    }
    let states = Json::from(states).to_string();
    let head = json!({
        "kr-snapshot": FORMAT,
        "kr": env!("CARGO_PKG_VERSION"),
        "taken": snapshot.taken.to_string(),
        "values": snapshot.values(),
        "sha256": checksum(&states),
    });
    let mut document = head.to_string();
    // The closing brace comes after the states.
    document.pop();
    document.push_str(",\"states\":");
    document.push_str(&states);
    document.push_str("}\n");
    Ok(document)
}

#[derive(Deserialize)]
struct Document<'d> {
    #[serde(rename = "kr-snapshot")]
    format: u32,
    values: usize,
    sha256: Option<String>,
    #[serde(borrow)]
    states: &'d RawValue,
}

#[derive(Deserialize)]
struct State {
    lock: String,
    version: u32,
    revision: Option<u64>,
    value: Option<Json>,
    instances: Option<Vec<Instance>>,
}

#[derive(Deserialize)]
struct Instance {
    key: Json,
    revision: u64,
    value: Json,
}

pub(super) fn read(document: &[u8]) -> Result<Found<Json>, HostSnapshotError> {
    let wrong = |reason: String| HostSnapshotError::Document { reason };
    let document: Document<'_> =
        serde_json::from_slice(document).map_err(|error| wrong(error.to_string()))?;
    let text = document.states.get();
    if document.sha256.is_some_and(|sum| sum != checksum(text)) {
        return Err(wrong(
            "its checksum is another one; if it was changed on purpose, take `sha256` out"
                .to_owned(),
        ));
    }
    let states: BTreeMap<String, State> =
        serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
    let mut found = Found {
        format: document.format,
        values: document.values,
        states: BTreeMap::new(),
    };
    for (name, state) in states {
        let content = match (state.value, state.instances) {
            (Some(value), None) => FoundContent::Single(value, state.revision.unwrap_or(0)),
            (None, Some(instances)) => {
                let mut list = Vec::with_capacity(instances.len());
                for Instance {
                    key,
                    revision,
                    value,
                } in instances
                {
                    let bytes = key_from_json(&state.lock, &key).ok_or_else(|| {
                        HostSnapshotError::Unreadable {
                            place: place(&name, Some(&key)),
                            reason: "its key is none".to_owned(),
                        }
                    })?;
                    list.push(FoundInstance {
                        key: bytes,
                        shown: key,
                        value,
                        revision,
                    });
                }
                FoundContent::Keyed(list)
            }
            _ => {
                return Err(wrong(format!(
                    "state `{name}` has neither a value nor instances"
                )));
            }
        };
        found.states.insert(
            name,
            FoundState {
                version: state.version,
                content,
            },
        );
    }
    Ok(found)
}

fn checksum(text: &str) -> String {
    let sum = Sha256::digest(text.as_bytes());
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}
