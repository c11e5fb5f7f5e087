//! A document as a tree for people to read.

use std::collections::HashMap;
use std::fmt;

use super::whole::Document;
use crate::clixml::base::truncate::truncate;
use crate::clixml::value::dynamic::{Content, ListKind, Object, ObjectId, Value};
use crate::clixml::value::text::Text;

/// A document as a tree for people to read; see [`Document::tree`].
///
/// ```
/// use kr_runtime::clixml::{Document, Object, Value};
///
/// let state = Object::custom([
///     ("VisitCount", Value::I32(2)),
///     ("Notes", Object::list([Value::from("remember helmet")]).into()),
/// ]);
/// let document = Document { objects: vec![state.into()] };
/// assert_eq!(
///     document.tree().to_string(),
///     "\
/// PSCustomObject
/// ├─ VisitCount: 2 (Int32)
/// └─ Notes: Object[] of 1
///    └─ [0] \"remember helmet\"
/// "
/// );
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Tree<'a> {
    document: &'a Document,
    colour: bool,
}

impl Document {
    /// The document as a tree for people to read.
    ///
    /// ```
    /// let document = kr_runtime::clixml::Document { objects: vec![5.into()] };
    /// assert_eq!(document.tree().to_string(), "5 (Int32)\n");
    /// ```
    #[must_use]
    pub fn tree(&self) -> Tree<'_> {
        Tree {
            document: self,
            colour: false,
        }
    }
}

impl Tree<'_> {
    /// With the escape sequences for colours in terminals.
    ///
    /// ```
    /// let document = kr_runtime::clixml::Document { objects: vec![5.into()] };
    /// assert!(document.tree().coloured(true).to_string().contains("\u{1b}["));
    /// ```
    #[must_use]
    pub fn coloured(mut self, colour: bool) -> Self {
        self.colour = colour;
        self
    }
}

impl fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut painter = Painter {
            out: f,
            colour: self.colour,
            prefix: String::new(),
            names: HashMap::new(),
        };
        self.document
            .objects
            .iter()
            .try_for_each(|value| painter.value(value, "", "document"))
    }
}

struct Painter<'f, 'g> {
    out: &'f mut fmt::Formatter<'g>,
    colour: bool,
    /// The start of every line: the vertical lines of the outer levels.
    prefix: String,
    /// The path of each object that a reference may mean.
    names: HashMap<ObjectId, String>,
}

const NAME: &str = "36";
const TYPE: &str = "2";
const TEXT: &str = "32";
const NUMBER: &str = "33";

impl Painter<'_, '_> {
    fn paint(&mut self, colour: &str, text: &str) -> fmt::Result {
        if self.colour {
            write!(self.out, "\u{1b}[{colour}m{text}\u{1b}[0m")
        } else {
            self.out.write_str(text)
        }
    }

    /// One value: the rest of the line, and the lines of what is in it.
    fn value(&mut self, value: &Value, label: &str, path: &str) -> fmt::Result {
        self.paint(NAME, label)?;
        match value {
            Value::Object(object) => self.object(object, path),
            Value::Streamed(object) => {
                self.paint(TYPE, &format!("[{}] ", truncate(&object.stream)))?;
                self.value(&object.value, "", path)
            }
            Value::Members(members) => {
                self.paint(TYPE, "member set")?;
                self.out.write_str("\n")?;
                let parts = members
                    .iter()
                    .map(|(name, value)| (named(name), value))
                    .collect();
                self.branches(parts, path)
            }
            Value::Ref(id) => {
                let target = self
                    .names
                    .get(id)
                    .cloned()
                    .unwrap_or_else(|| "elsewhere".into());
                self.paint(TYPE, &format!("same as {target}"))?;
                self.out.write_str("\n")
            }
            primitive => {
                self.primitive(primitive)?;
                self.out.write_str("\n")
            }
        }
    }

    fn primitive(&mut self, value: &Value) -> fmt::Result {
        let (colour, text, kind) = match value {
            Value::Nil => (TYPE, "null".to_owned(), ""),
            Value::String(text) => (TEXT, quoted(text), ""),
            Value::Char(unit) => (
                TEXT,
                format!("{:?}", String::from_utf16_lossy(&[*unit])),
                "Char",
            ),
            Value::Bool(value) => (NUMBER, value.to_string(), ""),
            Value::Byte(number) => (NUMBER, number.to_string(), "Byte"),
            Value::SByte(number) => (NUMBER, number.to_string(), "SByte"),
            Value::U16(number) => (NUMBER, number.to_string(), "UInt16"),
            Value::I16(number) => (NUMBER, number.to_string(), "Int16"),
            Value::U32(number) => (NUMBER, number.to_string(), "UInt32"),
            Value::I32(number) => (NUMBER, number.to_string(), "Int32"),
            Value::U64(number) => (NUMBER, number.to_string(), "UInt64"),
            Value::I64(number) => (NUMBER, number.to_string(), "Int64"),
            Value::Single(number) => (NUMBER, number.to_string(), "Single"),
            Value::Double(number) => (NUMBER, number.to_string(), "Double"),
            Value::Decimal(number) => (NUMBER, number.to_string(), "Decimal"),
            Value::DateTime(date) => (NUMBER, date.to_string(), "DateTime"),
            Value::Duration(span) => (NUMBER, span.to_string(), "TimeSpan"),
            Value::Guid(id) => (NUMBER, id.to_string(), "Guid"),
            Value::Uri(text) => (TEXT, quoted(text), "Uri"),
            Value::Version(version) => (NUMBER, version.to_string(), "Version"),
            Value::XmlDocument(text) => (TEXT, quoted(text), "XmlDocument"),
            Value::ScriptBlock(text) => (TEXT, quoted(text), "ScriptBlock"),
            Value::Bytes(bytes) => (TYPE, format!("{} bytes", bytes.len()), "Byte[]"),
            Value::SecureString(_) => (TYPE, "…".to_owned(), "SecureString"),
            Value::Progress(progress) => {
                let text = format!(
                    "{}: {} ({} %)",
                    progress.activity, progress.status, progress.percent_complete
                );
                (TEXT, format!("{text:?}"), "ProgressRecord")
            }
            Value::Object(_) | Value::Members(_) | Value::Ref(_) | Value::Streamed(_) => {
                return Ok(());
            }
        };
        self.paint(colour, &text)?;
        if kind.is_empty() {
            Ok(())
        } else {
            self.paint(TYPE, &format!(" ({kind})"))
        }
    }

    fn object(&mut self, object: &Object, path: &str) -> fmt::Result {
        if let Some(id) = object.id {
            self.names.insert(id, path.to_owned());
        }
        let kind = object.live_type_names().next().map(short);
        let mut parts: Vec<(String, &Value)> = Vec::new();
        match &object.content {
            Content::None => self.paint(TYPE, &kind.unwrap_or_else(|| "object".into()))?,
            Content::Value(inner @ Value::Object(_)) => {
                self.paint(TYPE, &kind.unwrap_or_else(|| "object".into()))?;
                parts.push(("value: ".into(), inner));
            }
            Content::Value(inner) => {
                self.primitive(inner)?;
                if let Some(kind) = kind {
                    self.paint(TYPE, &format!(" {kind}"))?;
                }
            }
            Content::List(list, items) => {
                let default = match list {
                    ListKind::List | ListKind::Enumerable => "list",
                    ListKind::Stack => "stack",
                    ListKind::Queue => "queue",
                };
                self.paint(
                    TYPE,
                    &format!(
                        "{} of {}",
                        kind.unwrap_or_else(|| default.into()),
                        items.len()
                    ),
                )?;
                parts.extend(
                    items
                        .iter()
                        .enumerate()
                        .map(|(index, item)| (format!("[{index}] "), item)),
                );
            }
            Content::Dictionary(entries) => {
                self.paint(
                    TYPE,
                    &format!(
                        "{} of {}",
                        kind.unwrap_or_else(|| "dictionary".into()),
                        entries.len()
                    ),
                )?;
                for (key, value) in entries {
                    match key.as_str() {
                        Some(name) => parts.push((format!("{}: ", name.escape_debug()), value)),
                        None => {
                            parts.push(("key: ".into(), key));
                            parts.push(("value: ".into(), value));
                        }
                    }
                }
            }
        }
        if let Some(text) = &object.to_string {
            self.paint(TEXT, &format!(" {}", quoted(text)))?;
        }
        self.out.write_str("\n")?;
        parts.extend(
            object
                .properties
                .iter()
                .chain(&object.members)
                .map(|(name, value)| (named(name), value)),
        );
        self.branches(parts, path)
    }

    fn branches(&mut self, parts: Vec<(String, &Value)>, path: &str) -> fmt::Result {
        let outside = self.prefix.len();
        let count = parts.len();
        for (index, (label, value)) in parts.into_iter().enumerate() {
            let last = index + 1 == count;
            let (branch, trunk) = if last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            let line = format!("{}{branch}", self.prefix);
            self.paint(TYPE, &line)?;
            self.prefix.push_str(trunk);
            let step = label.trim_end().trim_end_matches(':');
            let inner = join(path, step);
            self.value(value, &label, &inner)?;
            self.prefix.truncate(outside);
        }
        Ok(())
    }
}

fn named(name: &Text) -> String {
    format!("{}: ", name.to_string_lossy().escape_debug())
}

fn quoted(text: &Text) -> String {
    format!("{:?}", text.to_string_lossy())
}

/// The last part of a type's name, without its namespace.
fn short(name: &str) -> String {
    // This runs for every object, and hostile names are long.
    let name = &name[..name.floor_char_boundary(500)];
    let plain = name.split(['`', '[']).next().unwrap_or(name);
    let start = plain.rfind(['.', '+']).map_or(0, |at| at + 1);
    let array = if name.ends_with("[]") { "[]" } else { "" };
    format!("{}{array}", truncate(&plain[start..]))
}

/// The path of a part, for lines that refer to an object shown before.
fn join(path: &str, step: &str) -> String {
    // Names may be long, and there may be many parts below one.
    const MAX_LENGTH: usize = 200;
    if path.len() > MAX_LENGTH {
        return path.to_owned();
    }
    let dot = if step.starts_with('[') { "" } else { "." };
    format!("{path}{dot}{}", truncate(step))
}
