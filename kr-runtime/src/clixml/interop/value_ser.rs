//! A [`Value`] in other formats: plain data, without type names and other details of CLIXML.

use std::cell::Cell;
use std::collections::HashMap;

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

use crate::clixml::base::error::is_error_of_clixml;
use crate::clixml::base::truncate::truncate;
use crate::clixml::element::type_tag::VALUE;
use crate::clixml::lexical::binary;
use crate::clixml::lexical::ignore_case::folded;
use crate::clixml::ser::{parked, value_channel};
use crate::clixml::value::dynamic::{Content, Object, ObjectId, Value};
use crate::clixml::value::progress::Progress;
use crate::clixml::value::text::Text;

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(VALUE, &Outermost(self))
    }
}

struct Outermost<'a>(&'a Value);

impl Serialize for Outermost<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if value_channel::write_if_requested(self.0) {
            return serializer.serialize_unit();
        }
        if is_error_of_clixml::<S::Error>() {
            return buffered(self.0, serializer);
        }
        let mut objects = HashMap::new();
        collect(self.0, &mut objects, 0);
        let references = References {
            objects,
            left: Cell::new(MAX_EXPANDED),
        };
        Expanded {
            value: self.0,
            references: &references,
            depth: 0,
            shared: false,
        }
        .serialize(serializer)
    }
}

/// Writes a value to CLIXML through one of serde's buffers.
fn buffered<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    let kind = std::any::type_name::<S>();
    if !kind.contains("FlatMapSerializer") && !kind.contains("TaggedSerializer") {
        return serializer.serialize_u64(parked::park(value));
    }
    // The members become those of the object around, so nothing else of the value can be kept.
    let members = match value {
        Value::Object(object) if **object == Object::custom(object.members.iter().cloned()) => {
            &object.members
        }
        _ => {
            return Err(S::Error::custom(
                "behind `flatten` or an internal tag, a `Value` must be a `[pscustomobject]`, see `Object::custom`",
            ));
        }
    };
    let mut map = serializer.serialize_map(Some(members.len()))?;
    for (name, value) in members {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

/// How much may be written again through references, in formats that have none; in bytes, approximately.
const MAX_EXPANDED: usize = 64 << 20;
const MAX_LEVELS: usize = 128;

struct References<'a> {
    objects: HashMap<ObjectId, &'a Object>,
    left: Cell<usize>,
}

fn collect<'a>(value: &'a Value, objects: &mut HashMap<ObjectId, &'a Object>, depth: usize) {
    if depth > MAX_LEVELS {
        return;
    }
    let mut go = |value: &'a Value| collect(value, objects, depth + 1);
    match value {
        Value::Object(object) => {
            match &object.content {
                Content::None => {}
                Content::Value(inner) => go(inner),
                Content::List(_, items) => items.iter().for_each(go),
                Content::Dictionary(entries) => entries.iter().for_each(|(key, value)| {
                    go(key);
                    go(value);
                }),
            }
            for (_, value) in object.properties.iter().chain(&object.members) {
                collect(value, objects, depth + 1);
            }
            if let Some(id) = object.id {
                objects.insert(id, object);
            }
        }
        Value::Members(members) => members.iter().for_each(|(_, value)| go(value)),
        Value::Streamed(object) => go(&object.value),
        _ => {}
    }
}

#[derive(Clone, Copy)]
struct Expanded<'a> {
    value: &'a Value,
    references: &'a References<'a>,
    depth: usize,
    /// Whether this was reached through a reference.
    shared: bool,
}

impl<'a> Expanded<'a> {
    fn inner(self, value: &'a Value) -> Self {
        Expanded {
            value,
            depth: self.depth + 1,
            ..self
        }
    }

    /// Counts the size of what is written again, and returns whether the limit allows it.
    fn charge(self) -> bool {
        let size = match self.value {
            _ if !self.shared => return true,
            Value::String(text)
            | Value::Uri(text)
            | Value::XmlDocument(text)
            | Value::ScriptBlock(text) => 64 + text.to_string_lossy().len(),
            Value::Bytes(bytes) => 64 + bytes.len(),
            _ => 64,
        };
        let left = self.references.left.get();
        self.references.left.set(left.saturating_sub(size));
        left > 0
    }

    fn object<S: Serializer>(self, object: &'a Object, serializer: S) -> Result<S::Ok, S::Error> {
        match &object.content {
            Content::Value(inner) => self.inner(inner).serialize(serializer),
            Content::List(_, items) => {
                serializer.collect_seq(items.iter().map(|item| self.inner(item)))
            }
            Content::Dictionary(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| (key_text(key), self.inner(value)));
                let entries: Vec<_> = entries.collect();
                map(&entries, serializer)
            }
            Content::None
                if object.properties.is_empty()
                    && object.members.is_empty()
                    && object.to_string.is_some() =>
            {
                serializer.collect_str(
                    &object
                        .to_string
                        .as_ref()
                        .map_or("".into(), Text::to_string_lossy),
                )
            }
            Content::None => {
                self.members(object.properties.iter().chain(&object.members), serializer)
            }
        }
    }

    /// Members by name; the later of two replaces the earlier one, as in PowerShell.
    fn members<S: Serializer>(
        self,
        members: impl Iterator<Item = &'a (Text, Value)>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut positions = HashMap::new();
        let mut entries: Vec<(String, Expanded<'a>)> = Vec::new();
        for (name, value) in members {
            let name = name.to_string_lossy().into_owned();
            let entry = (name, self.inner(value));
            let position = *positions.entry(folded(&entry.0)).or_insert(entries.len());
            match entries.get_mut(position) {
                Some(earlier) => *earlier = entry,
                None => entries.push(entry),
            }
        }
        map(&entries, serializer)
    }
}

fn map<S: Serializer>(
    entries: &[(String, Expanded<'_>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(entries.len()))?;
    for (key, value) in entries {
        map.serialize_entry(key, value)?;
    }
    map.end()
}

impl Serialize for Expanded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.depth > MAX_LEVELS || !self.charge() {
            return Err(S::Error::custom(
                "references to shared objects expand to more than this format can hold",
            ));
        }
        match self.value {
            Value::Nil => serializer.serialize_unit(),
            Value::String(text)
            | Value::Uri(text)
            | Value::XmlDocument(text)
            | Value::ScriptBlock(text) => serializer.serialize_str(&text.to_string_lossy()),
            Value::Char(unit) => serializer.serialize_str(&String::from_utf16_lossy(&[*unit])),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Byte(number) => serializer.serialize_u8(*number),
            Value::SByte(number) => serializer.serialize_i8(*number),
            Value::U16(number) => serializer.serialize_u16(*number),
            Value::I16(number) => serializer.serialize_i16(*number),
            Value::U32(number) => serializer.serialize_u32(*number),
            Value::I32(number) => serializer.serialize_i32(*number),
            Value::U64(number) => serializer.serialize_u64(*number),
            Value::I64(number) => serializer.serialize_i64(*number),
            Value::Single(number) => serializer.serialize_f32(*number),
            Value::Double(number) => serializer.serialize_f64(*number),
            Value::Decimal(number) => {
                let text = number.to_string();
                // An `f64` holds any 15 digits exactly; more digits could change.
                match text.parse::<f64>() {
                    Ok(number) if text.bytes().filter(u8::is_ascii_digit).count() <= 15 => {
                        serializer.serialize_f64(number)
                    }
                    _ => serializer.serialize_str(&text),
                }
            }
            Value::DateTime(date) => serializer.collect_str(date),
            Value::Duration(span) => serializer.collect_str(span),
            Value::Guid(id) => serializer.collect_str(id),
            Value::Version(version) => serializer.collect_str(version),
            Value::Bytes(bytes) => {
                let mut text = String::new();
                binary::write(&mut text, bytes);
                serializer.serialize_str(&text)
            }
            // Secrets are not copied to other formats.
            Value::SecureString(_) => serializer.serialize_unit(),
            Value::Progress(progress) => serialize_progress(progress, serializer),
            Value::Object(object) => self.object(object, serializer),
            Value::Streamed(object) => self.inner(&object.value).serialize(serializer),
            Value::Members(members) => self.members(members.iter(), serializer),
            Value::Ref(id) => match self.references.objects.get(id) {
                Some(object) => Expanded {
                    depth: self.depth + 1,
                    shared: true,
                    ..*self
                }
                .object(object, serializer),
                None => Err(S::Error::custom(
                    "a reference means an object that is not part of this value",
                )),
            },
        }
    }
}

fn serialize_progress<S: Serializer>(
    progress: &Progress,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(8))?;
    map.serialize_entry("Activity", &progress.activity.to_string_lossy())?;
    map.serialize_entry("ActivityId", &progress.activity_id)?;
    map.serialize_entry(
        "CurrentOperation",
        &progress
            .current_operation
            .as_ref()
            .map(Text::to_string_lossy),
    )?;
    map.serialize_entry("ParentActivityId", &progress.parent_activity_id)?;
    map.serialize_entry("PercentComplete", &progress.percent_complete)?;
    map.serialize_entry(
        "RecordType",
        if progress.completed {
            "Completed"
        } else {
            "Processing"
        },
    )?;
    map.serialize_entry("SecondsRemaining", &progress.seconds_remaining)?;
    map.serialize_entry("StatusDescription", &progress.status.to_string_lossy())?;
    map.end()
}

/// A key as text, for formats whose keys are text.
fn key_text(key: &Value) -> String {
    match key.primitive() {
        Value::String(text) | Value::Uri(text) => text.to_string_lossy().into_owned(),
        Value::Char(unit) => String::from_utf16_lossy(&[*unit]),
        Value::Bool(value) => value.to_string(),
        Value::U64(number) => number.to_string(),
        Value::Single(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::DateTime(date) => date.to_string(),
        Value::Duration(span) => span.to_string(),
        Value::Guid(id) => id.to_string(),
        Value::Version(version) => version.to_string(),
        Value::Object(object) => match (&object.to_string, object.live_type_names().next()) {
            (Some(text), _) => text.to_string_lossy().into_owned(),
            (None, Some(name)) => truncate(name).into_owned(),
            (None, None) => "object".to_owned(),
        },
        number => number
            .as_i64()
            .map_or_else(|| "object".to_owned(), |number| number.to_string()),
    }
}
