//! What is read of a document becomes a snapshot, and is checked: everything before anything is used.

use super::error::HostSnapshotError;
use super::form::place;
use super::snapshot::{Content, HostSnapshot, StateContent};
use crate::clixml;
use crate::state::{HostField, SnapshotCodec, StateType};
use crate::store::{Value, key_from_json, key_to_json};
use serde_json::Value as Json;
use std::collections::HashSet;

/// A snapshot in the making.
pub(super) struct Decoder<'f, 'h> {
    fields: &'f [HostField<'h>],
    states: Vec<StateContent>,
}

/// A state in the making.
pub(super) struct StateDecoder {
    state: StateType,
    codec: SnapshotCodec,
    is_keyed: bool,
    /// The one that the document has, once that is known.
    version: u32,
    single: Option<(Value, u64)>,
    instances: Option<Vec<(Vec<u8>, Value, u64)>>,
}

/// A value that is not read yet.
pub(super) enum Unread {
    Json(Json),
    Clixml(clixml::Value),
}

pub(super) fn wrong(reason: impl Into<String>) -> HostSnapshotError {
    HostSnapshotError::Document {
        reason: reason.into(),
    }
}

impl<'f, 'h> Decoder<'f, 'h> {
    pub(super) fn new(fields: &'f [HostField<'h>]) -> Self {
        Self {
            fields,
            states: Vec::new(),
        }
    }

    /// Begins with a state.
    pub(super) fn state(&self, name: &str) -> Result<StateDecoder, HostSnapshotError> {
        let mut fields = self.fields.iter();
        let field = fields.find(|field| field.state_type().name == name);
        let field = field.ok_or_else(|| wrong(format!("there is no state `{name}` here")))?;
        if self.states.iter().any(|it| it.state.name == name) {
            return Err(wrong(format!("state `{name}` is there twice")));
        }
        let state = *field.state_type();
        let codec = state.traits.snapshot.ok_or_else(|| {
            wrong(format!(
                "state `{name}` is `transient` here, or cannot be read"
            ))
        })?;
        Ok(StateDecoder {
            state,
            codec,
            is_keyed: matches!(field, HostField::Keyed(_)),
            version: state.traits.version,
            single: None,
            instances: None,
        })
    }

    /// Ends with a state.
    pub(super) fn add(&mut self, state: StateDecoder) -> Result<(), HostSnapshotError> {
        self.states.push(state.into_content()?);
        Ok(())
    }

    /// The snapshot, if that many values are there.
    pub(super) fn finish(mut self, expected: usize) -> Result<HostSnapshot, HostSnapshotError> {
        let mut snapshot = HostSnapshot {
            taken: jiff::Timestamp::now(),
            states: Vec::new(),
            left_out: Vec::new(),
        };
        for field in self.fields {
            let name = field.state_type().name;
            let at = self.states.iter().position(|it| it.state.name == name);
            match at {
                Some(at) => snapshot.states.push(self.states.swap_remove(at)),
                None => snapshot.left_out.push(name),
            }
        }
        if snapshot.values() != expected {
            return Err(wrong(format!(
                "{} values are there, and {expected} should be",
                snapshot.values()
            )));
        }
        Ok(snapshot)
    }
}

impl StateDecoder {
    /// Says which version the document has.
    pub(super) fn set_version(&mut self, version: u32) -> Result<(), HostSnapshotError> {
        let own = self.state.traits.version;
        if version > own || (version < own && self.codec.upgrade.is_none()) {
            let advice = match version < own {
                true => "; write an `upgrade` for it",
                false => "",
            };
            return Err(wrong(format!(
                "state `{}` has version {version} there and version {own} here{advice}",
                self.state.name
            )));
        }
        self.version = version;
        Ok(())
    }

    /// Takes the value of a state without a key.
    pub(super) fn set_single(
        &mut self,
        value: Unread,
        revision: u64,
    ) -> Result<(), HostSnapshotError> {
        if self.is_keyed {
            let name = self.state.name;
            return Err(wrong(format!("state `{name}` has no keys there")));
        }
        self.single = Some((self.value(value, None)?, revision));
        Ok(())
    }

    /// Says that there are instances, even if it is none.
    pub(super) fn begin_instances(&mut self) -> Result<(), HostSnapshotError> {
        if !self.is_keyed {
            let name = self.state.name;
            return Err(wrong(format!("state `{name}` has keys there")));
        }
        self.instances.get_or_insert_default();
        Ok(())
    }

    /// Takes an instance.
    pub(super) fn add_instance(
        &mut self,
        key: &Json,
        value: Unread,
        revision: u64,
    ) -> Result<(), HostSnapshotError> {
        let bytes = key_from_json(self.state.lock, key);
        let bytes = bytes.ok_or_else(|| HostSnapshotError::Unreadable {
            place: place(self.state.name, Some(key)),
            reason: "its key is none".to_owned(),
        })?;
        let value = self.value(value, Some(key))?;
        let instances = self.instances.get_or_insert_default();
        instances.push((bytes, value, revision));
        Ok(())
    }

    fn value(&self, value: Unread, key: Option<&Json>) -> Result<Value, HostSnapshotError> {
        let upgrade = self.codec.upgrade;
        let older = upgrade.filter(|_| self.version < self.state.traits.version);
        let read = match (older, value) {
            (None, Unread::Json(json)) => (self.codec.from_json)(json),
            (None, Unread::Clixml(value)) => (self.codec.from_clixml)(&value),
            (Some(upgrade), value) => value.into_json().and_then(|json| {
                let upgraded = upgrade(self.version, json);
                upgraded.map_err(|error| {
                    format!("the upgrade from version {} failed: {error}", self.version)
                })
            }),
        };
        read.map_err(|reason| HostSnapshotError::Unreadable {
            place: place(self.state.name, key),
            reason,
        })
    }

    fn into_content(self) -> Result<StateContent, HostSnapshotError> {
        let name = self.state.name;
        let content = match (self.single, self.instances) {
            (Some((value, revision)), None) => Content::Single(value, revision),
            (None, Some(instances)) => {
                let mut keys = HashSet::with_capacity(instances.len());
                for (key, ..) in &instances {
                    if !keys.insert(&key[..]) {
                        let shown = key_to_json(self.state.lock, key).unwrap_or(Json::Null);
                        let place = place(name, Some(&shown));
                        return Err(wrong(format!("{place} is there twice")));
                    }
                }
                Content::Keyed(instances)
            }
            _ => {
                return Err(wrong(format!(
                    "state `{name}` has neither a value nor instances"
                )));
            }
        };
        Ok(StateContent {
            state: self.state,
            codec: self.codec,
            content,
        })
    }
}

impl Unread {
    /// As an `upgrade` takes it.
    fn into_json(self) -> Result<Json, String> {
        match self {
            Self::Json(json) => Ok(json),
            Self::Clixml(value) => clixml::from_value(&value).map_err(|error| error.to_string()),
        }
    }
}
