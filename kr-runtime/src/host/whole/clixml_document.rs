//! A snapshot of a whole host as CLIXML: an object that PowerShell reads, with what [`json_document`](super::json_document)
//! has, and each value in the form that a snapshot of its state alone has.

use super::error::HostSnapshotError;
use super::found::{FORMAT, Found, FoundContent, FoundInstance, FoundState, place};
use super::snapshot::{Content, HostSnapshot};
use crate::clixml::{self, Object, Value};
use crate::store::{key_from_json, key_to_json};
use serde_json::Value as Json;
use std::collections::BTreeMap;

pub(super) fn write(snapshot: &HostSnapshot) -> Result<String, HostSnapshotError> {
    let unwritable =
        |place: String, reason: String| HostSnapshotError::Unwritable { place, reason };
    let mut states = Vec::new();
    for it in &snapshot.states {
        let name = it.state.name;
        let value = |value: &crate::store::Value, key: Option<&Json>| {
            let written = (it.codec.to_clixml)(value.as_ref());
            written.map_err(|reason| unwritable(place(name, key), reason))
        };
        let mut members = vec![
            ("Lock", Value::from(it.state.lock)),
            ("Version", Value::from(i64::from(it.state.traits.version))),
        ];
        match &it.content {
            Content::Single(single, revision) => {
                members.push(("Revision", Value::U64(*revision)));
                members.push(("Value", value(single, None)?));
            }
            Content::Keyed(instances) => {
                let mut list = Vec::with_capacity(instances.len());
                for (key, instance, revision) in instances {
                    let key = key_to_json(it.state.lock, key).unwrap_or(Json::Null);
                    let value = value(instance, Some(&key))?;
                    // As text: a key is a list, and PowerShell likes to take one of a single item apart.
                    list.push(Value::from(Object::custom([
                        ("Key", Value::from(key.to_string())),
                        ("Revision", Value::U64(*revision)),
                        ("Value", value),
                    ])));
                }
                members.push(("Instances", Object::list(list).into()));
            }
        }
        states.push((name, Value::from(Object::custom(members))));
    }
    let document = Object::custom([
        ("KrSnapshot", Value::from(i64::from(FORMAT))),
        ("Kr", Value::from(env!("CARGO_PKG_VERSION"))),
        ("Taken", Value::from(snapshot.taken.to_string())),
        ("Values", Value::U64(snapshot.values() as u64)),
        ("States", Object::custom(states).into()),
    ]);
    clixml::to_string(&Value::from(document))
        .map_err(|error| unwritable("the snapshot".to_owned(), error.to_string()))
}

pub(super) fn read(document: &[u8]) -> Result<Found<Value>, HostSnapshotError> {
    let wrong = |reason: String| HostSnapshotError::Document { reason };
    let document: Value = clixml::from_slice(document).map_err(|error| wrong(error.to_string()))?;
    let member = |value: &Value, name: &str| value.get(name).cloned();
    let number = |value: &Value, name: &str| -> Result<u64, HostSnapshotError> {
        let number = value.get(name).map(Value::primitive);
        let number = number.and_then(|number| match number {
            Value::U64(number) => Some(*number),
            other => other.as_i64().and_then(|number| u64::try_from(number).ok()),
        });
        number.ok_or_else(|| wrong(format!("`{name}` is missing, or no number")))
    };
    let format = number(&document, "KrSnapshot")?;
    let mut found = Found {
        format: u32::try_from(format).unwrap_or(u32::MAX),
        values: usize::try_from(number(&document, "Values")?).unwrap_or(usize::MAX),
        states: BTreeMap::new(),
    };
    let Some(Value::Object(states)) = member(&document, "States") else {
        return Err(wrong("`States` is missing".to_owned()));
    };
    for (name, state) in states.members.iter().chain(&states.properties) {
        let name = name.to_string();
        let lock = state.get("Lock").and_then(|lock| lock.as_str());
        let lock = lock
            .ok_or_else(|| wrong(format!("state `{name}` has no lock")))?
            .to_owned();
        let version = u32::try_from(number(state, "Version")?).unwrap_or(u32::MAX);
        let content = match (member(state, "Value"), member(state, "Instances")) {
            (Some(value), None) => FoundContent::Single(value, number(state, "Revision")?),
            (None, Some(instances)) => {
                let mut list = Vec::new();
                for instance in instances.items().unwrap_or_default() {
                    let shown = instance.get("Key").and_then(|key| key.as_str());
                    let shown: Option<Json> = shown.and_then(|key| serde_json::from_str(key).ok());
                    let shown = shown.unwrap_or(Json::Null);
                    let unreadable = |reason: &str| HostSnapshotError::Unreadable {
                        place: place(&name, Some(&shown)),
                        reason: reason.to_owned(),
                    };
                    let key = key_from_json(&lock, &shown);
                    let value = member(instance, "Value");
                    list.push(FoundInstance {
                        key: key.ok_or_else(|| unreadable("its key is none"))?,
                        value: value.ok_or_else(|| unreadable("it has no value"))?,
                        revision: number(instance, "Revision")?,
                        shown,
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
        found.states.insert(name, FoundState { version, content });
    }
    Ok(found)
}
