//! A snapshot of a whole host as CLIXML: an object that PowerShell reads, with what [`json_writer`](super::json_writer)
//! writes, and each value in the form that a snapshot of its state alone has.

use super::decoder::{Decoder, Unread, wrong};
use super::error::HostSnapshotError;
use super::form::{FORMAT, place};
use super::snapshot::{Content, HostSnapshot};
use crate::clixml::{self, Object, Value};
use crate::state::HostField;
use crate::store::key_to_json;
use serde_json::Value as Json;

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

/// Reads a document of a host with these fields.
pub(super) fn read(
    fields: &[HostField<'_>],
    document: &[u8],
) -> Result<HostSnapshot, HostSnapshotError> {
    let document: Value = clixml::from_slice(document).map_err(|error| wrong(error.to_string()))?;
    let format = number(&document, "KrSnapshot")?;
    if format != u64::from(FORMAT) {
        return Err(wrong(format!(
            "it has form {format}, and this program knows form {FORMAT}"
        )));
    }
    let values = usize::try_from(number(&document, "Values")?).unwrap_or(usize::MAX);
    let Some(Value::Object(states)) = document.get("States") else {
        return Err(wrong("`States` is missing"));
    };
    let mut decoder = Decoder::new(fields);
    for (name, value) in states.members.iter().chain(&states.properties) {
        let mut state = decoder.state(&name.to_string())?;
        let version = number(value, "Version")?;
        state.set_version(u32::try_from(version).unwrap_or(u32::MAX))?;
        if let Some(single) = value.get("Value") {
            let revision = number(value, "Revision")?;
            state.set_single(Unread::Clixml(single.clone()), revision)?;
        }
        if let Some(instances) = value.get("Instances") {
            state.begin_instances()?;
            for instance in instances.items().unwrap_or_default() {
                let key = instance.get("Key").and_then(|key| key.as_str());
                let key: Option<Json> = key.and_then(|key| serde_json::from_str(key).ok());
                let key = key.unwrap_or(Json::Null);
                let value = instance.get("Value").cloned();
                let value = value.ok_or_else(|| HostSnapshotError::Unreadable {
                    place: place(&name.to_string(), Some(&key)),
                    reason: "it has no value".to_owned(),
                })?;
                let revision = number(instance, "Revision")?;
                state.add_instance(&key, Unread::Clixml(value), revision)?;
            }
        }
        decoder.add(state)?;
    }
    decoder.finish(values)
}

fn number(value: &Value, name: &str) -> Result<u64, HostSnapshotError> {
    let number = value.get(name).map(Value::primitive);
    let number = number.and_then(|number| match number {
        Value::U64(number) => Some(*number),
        other => other.as_i64().and_then(|number| u64::try_from(number).ok()),
    });
    number.ok_or_else(|| wrong(format!("`{name}` is missing, or no number")))
}
