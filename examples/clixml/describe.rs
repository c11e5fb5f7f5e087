//! One line of JSON that says what PowerShell sees in a document.

use std::collections::HashMap;
use std::fmt::Write as _;

use kr_runtime::clixml::{Content, DateTimeKind, Document, Object, ObjectId, Text, Value};

/// Describes a document: several objects are a list, none is null.
pub(super) fn describe(document: &Document) -> Result<String, String> {
    let mut line = Line {
        endless: false,
        json: String::new(),
        objects: HashMap::new(),
        open: Vec::new(),
    };
    for value in &document.objects {
        line.collect(value);
    }
    match &document.objects[..] {
        [] => line.value(&Value::Nil),
        [value] => line.value(value),
        objects => line.list(objects),
    }
    if line.endless {
        Err("references expand without measure".into())
    } else {
        Ok(line.json)
    }
}

struct Line<'a> {
    json: String,
    objects: HashMap<ObjectId, &'a Object>,
    /// The objects that are being described, to find cycles.
    open: Vec<*const Object>,
    /// Whether references exceeded a limit.
    endless: bool,
}

/// Limits for references that double or form a cycle.
const LONGEST: usize = 64 << 20;
const DEEPEST: usize = 200;

impl<'a> Line<'a> {
    fn collect(&mut self, value: &'a Value) {
        match value {
            Value::Object(object) => {
                if let Some(id) = object.id {
                    self.objects.insert(id, object);
                }
                match &object.content {
                    Content::None => {}
                    Content::Value(inner) => self.collect(inner),
                    Content::List(_, items) => items.iter().for_each(|item| self.collect(item)),
                    Content::Dictionary(entries) => {
                        for (key, value) in entries {
                            self.collect(key);
                            self.collect(value);
                        }
                    }
                }
                object
                    .properties
                    .iter()
                    .chain(&object.members)
                    .for_each(|(_, value)| self.collect(value));
            }
            Value::Members(members) => members.iter().for_each(|(_, value)| self.collect(value)),
            _ => {}
        }
    }

    fn value(&mut self, value: &'a Value) {
        match value {
            Value::Nil => self.json.push_str(r#"{"t":"Nil"}"#),
            Value::Object(object) => self.object(object),
            Value::Ref(id) => match self.objects.get(id).copied() {
                Some(object) => self.object(object),
                None => self.json.push_str(r#"{"t":"Nil"}"#),
            },
            Value::Members(members) => {
                self.json.push_str(r#"{"t":"Obj","names":[],"props":"#);
                self.members(members.iter());
                self.json.push('}');
            }
            primitive => self.primitive(primitive, None),
        }
    }

    fn list(&mut self, items: &'a [Value]) {
        self.json.push_str(r#"{"t":"List","items":["#);
        for (index, item) in items.iter().enumerate() {
            self.comma(index);
            self.value(item);
        }
        self.json.push_str("]}");
    }

    fn object(&mut self, object: &'a Object) {
        if self.open.contains(&std::ptr::from_ref(object)) {
            return self.json.push_str(r#"{"t":"Cycle"}"#);
        }
        self.endless |= self.open.len() > DEEPEST || self.json.len() > LONGEST;
        if self.endless {
            return;
        }
        self.open.push(object);
        match &object.content {
            Content::Value(inner @ (Value::Object(_) | Value::Ref(_))) => self.value(inner),
            // The number of an enum is all that PowerShell gives; notes belong to other primitives.
            Content::Value(inner) => self.primitive(inner, Some(object)),
            Content::List(_, items) => self.list(items),
            Content::Dictionary(entries) => {
                self.json.push_str(r#"{"t":"Dict","entries":["#);
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.comma(index);
                    self.json.push('[');
                    self.value(key);
                    self.json.push(',');
                    self.value(value);
                    self.json.push(']');
                }
                self.json.push_str("]}");
            }
            Content::None => {
                self.json.push_str(r#"{"t":"Obj","names":["#);
                for (index, name) in type_names(object).iter().enumerate() {
                    self.comma(index);
                    self.string(name);
                }
                self.json.push_str(r#"],"props":"#);
                self.members(object.properties.iter().chain(&object.members));
                self.json.push('}');
            }
        }
        self.open.pop();
    }

    fn primitive(&mut self, value: &'a Value, wrapper: Option<&'a Object>) {
        let (tag, text): (&str, Text) = match value {
            Value::String(text) | Value::ScriptBlock(text) => ("S", text.clone()),
            Value::Char(unit) => ("C", unit.to_string().into()),
            Value::Bool(value) => ("B", value.to_string().into()),
            Value::Byte(number) => ("By", number.to_string().into()),
            Value::SByte(number) => ("SB", number.to_string().into()),
            Value::U16(number) => ("U16", number.to_string().into()),
            Value::I16(number) => ("I16", number.to_string().into()),
            Value::U32(number) => ("U32", number.to_string().into()),
            Value::I32(number) => ("I32", number.to_string().into()),
            Value::U64(number) => ("U64", number.to_string().into()),
            Value::I64(number) => ("I64", number.to_string().into()),
            Value::Single(number) => ("Sg", float(number, number.is_nan(), number.is_infinite())),
            Value::Double(number) => ("Db", float(number, number.is_nan(), number.is_infinite())),
            Value::Decimal(number) => ("D", number.to_string().into()),
            Value::DateTime(date) => {
                let (ticks, kind) = match date.kind() {
                    DateTimeKind::Utc => (date.ticks(), "Utc"),
                    DateTimeKind::Local { .. } => (date.timestamp().ticks(), "Local"),
                    DateTimeKind::Unspecified => (date.ticks(), "Unspecified"),
                };
                ("DT", format!("{ticks}|{kind}").into())
            }
            Value::Duration(span) => ("TS", (span.as_nanos() / 100).to_string().into()),
            Value::Guid(id) => ("G", id.to_string().into()),
            Value::Uri(text) => ("URI", text.clone()),
            Value::Version(version) => ("Version", version.to_string().into()),
            Value::XmlDocument(text) => ("XD", text.clone()),
            Value::Bytes(bytes) => ("BA", base64(bytes).into()),
            Value::SecureString(_) => return self.json.push_str(r#"{"t":"SS"}"#),
            Value::Progress(_) => return self.json.push_str(r#"{"t":"PR"}"#),
            _ => return self.json.push_str(r#"{"t":"Nil"}"#),
        };
        let _ = write!(self.json, r#"{{"t":"{tag}","v":"#);
        self.string(&text);
        if let Some(object) =
            wrapper.filter(|object| !object.properties.is_empty() || !object.members.is_empty())
        {
            self.json.push_str(r#","props":"#);
            self.members(object.properties.iter().chain(&object.members));
        }
        self.json.push('}');
    }

    /// The later of two members replaces the earlier one and keeps its position.
    fn members(&mut self, members: impl Iterator<Item = &'a (Text, Value)>) {
        let mut places = HashMap::new();
        let mut list: Vec<&(Text, Value)> = Vec::new();
        for member in members {
            let place = *places
                .entry(member.0.to_string_lossy().to_uppercase())
                .or_insert(list.len());
            match list.get_mut(place) {
                Some(earlier) => *earlier = member,
                None => list.push(member),
            }
        }
        self.json.push('[');
        for (index, (name, value)) in list.into_iter().enumerate() {
            self.comma(index);
            self.json.push('[');
            self.string(name);
            self.json.push(',');
            self.value(value);
            self.json.push(']');
        }
        self.json.push(']');
    }

    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.json.push(',');
        }
    }

    /// Unpaired surrogates are written as JSON escapes.
    fn string(&mut self, text: &Text) {
        self.json.push('"');
        for part in char::decode_utf16(text.to_utf16()) {
            match part {
                Ok('"') => self.json.push_str("\\\""),
                Ok('\\') => self.json.push_str("\\\\"),
                Ok(character @ '\0'..='\u{1F}') => {
                    let _ = write!(self.json, "\\u{:04x}", character as u32);
                }
                Ok(character) => self.json.push(character),
                Err(half) => {
                    let _ = write!(self.json, "\\u{:04x}", half.unpaired_surrogate());
                }
            }
        }
        self.json.push('"');
    }
}

/// PowerShell marks each type that it reads from a document.
fn type_names(object: &Object) -> Vec<Text> {
    let Some(names) = &object.type_names else {
        return vec![
            "System.Management.Automation.PSCustomObject".into(),
            "System.Object".into(),
        ];
    };
    let names = names.iter().filter(|name| name.as_str() != Some(""));
    names
        .map(|name| match name.as_str() {
            Some(text) if !text.to_lowercase().starts_with("deserialized.") => {
                format!("Deserialized.{text}").into()
            }
            _ => name.clone(),
        })
        .collect()
}

fn float(number: impl std::fmt::Display, nan: bool, infinite: bool) -> Text {
    match (nan, infinite) {
        (true, _) => "NaN".into(),
        (_, true) => number.to_string().replace("inf", "Infinity").into(),
        _ => number.to_string().into(),
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            text.push(if place <= chunk.len() {
                DIGITS[(bits >> (18 - 6 * place)) as usize & 63] as char
            } else {
                '='
            });
        }
    }
    text
}
