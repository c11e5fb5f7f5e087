//! Writes a [`Value`] byte for byte as PowerShell does.

use std::collections::HashMap;

use super::name::Name;
use super::writer::Writer;
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::duration;
use crate::clixml::lexical::number::{write_double, write_single};
use crate::clixml::value::dynamic::{Content, ListKind, Object, ObjectId, Value};
use crate::clixml::value::progress::Progress;
use crate::clixml::value::text::Text;

/// Maps the ids of objects in the value to their ids in the document.
#[derive(Default)]
pub(crate) struct ValueWriter(HashMap<ObjectId, u32>);

impl ValueWriter {
    pub(crate) fn write(
        &mut self,
        writer: &mut Writer,
        name: Name<'_>,
        value: &Value,
    ) -> Result<(), Error> {
        writer.enter()?;
        self.value(writer, name, value)?;
        writer.leave();
        Ok(())
    }

    fn value(&mut self, writer: &mut Writer, name: Name<'_>, value: &Value) -> Result<(), Error> {
        match value {
            Value::Nil => writer.nil(name),
            Value::String(text) => writer.dotnet_text(Kind::String, name, text),
            Value::Char(unit) => writer.display(Kind::Char, name, unit),
            Value::Bool(value) => writer.display(Kind::Bool, name, value),
            Value::Byte(number) => writer.display(Kind::Byte, name, number),
            Value::SByte(number) => writer.display(Kind::SByte, name, number),
            Value::U16(number) => writer.display(Kind::U16, name, number),
            Value::I16(number) => writer.display(Kind::I16, name, number),
            Value::U32(number) => writer.display(Kind::U32, name, number),
            Value::I32(number) => writer.display(Kind::I32, name, number),
            Value::U64(number) => writer.display(Kind::U64, name, number),
            Value::I64(number) => writer.display(Kind::I64, name, number),
            Value::Single(number) => {
                writer.leaf_with(Kind::Single, name, |out| write_single(out, *number));
            }
            Value::Double(number) => {
                writer.leaf_with(Kind::Double, name, |out| write_double(out, *number));
            }
            Value::Decimal(number) => writer.display(Kind::Decimal, name, number),
            Value::DateTime(date) => writer.leaf_with(Kind::DateTime, name, |out| date.write(out)),
            Value::Duration(span) => {
                let ticks = duration::to_ticks(*span).ok_or_else(|| {
                    Error::data(format!("the duration {span} is longer than .NET's TimeSpan, which ends after 10675199 days"))
                })?;
                writer.leaf_with(Kind::Duration, name, |out| duration::write(out, ticks));
            }
            Value::Guid(id) => writer.display(Kind::Guid, name, id),
            Value::Uri(text) => writer.dotnet_text(Kind::Uri, name, text),
            Value::Version(version) => writer.display(Kind::Version, name, version),
            Value::XmlDocument(text) => writer.dotnet_text(Kind::XmlDocument, name, text),
            Value::ScriptBlock(text) => writer.dotnet_text(Kind::ScriptBlock, name, text),
            Value::Bytes(bytes) => writer.bytes(name, bytes),
            Value::SecureString(secret) => {
                writer.verbatim(Kind::SecureString, name, secret.expose_digits());
            }
            Value::Progress(progress) => write_progress(writer, name, progress),
            Value::Object(object) => self.object(writer, name, object)?,
            Value::Streamed(object) => match (&object.value, name) {
                (value, Name::None)
                    if writer.is_outermost() && !matches!(value, Value::Streamed(_)) =>
                {
                    self.value(writer, Name::Stream(&object.stream), value)?;
                }
                _ => {
                    return Err(Error::data(
                        "only an object of the document itself has a stream; write a `Document`",
                    ));
                }
            },
            Value::Members(members) => {
                let (Name::Member(_) | Name::Text(_)) = name else {
                    return Err(Error::data(
                        "a set of members can only be a member of an object",
                    ));
                };
                writer.open_named(Kind::Members, name);
                self.members(writer, members)?;
                writer.close(Kind::Members);
            }
            Value::Ref(id) => {
                let id = self.0.get(id).ok_or_else(|| {
                    Error::data("a reference means an object that does not stand before it; give that object its id")
                })?;
                writer.reference(name, *id);
            }
        }
        Ok(())
    }

    fn object(
        &mut self,
        writer: &mut Writer,
        name: Name<'_>,
        object: &Object,
    ) -> Result<(), Error> {
        let written = writer.open_object(name);
        if let Some(id) = object.id {
            self.0.insert(id, written);
        }
        if let Some(names) = &object.type_names {
            writer.type_names(names);
        }
        if let Some(text) = &object.to_string {
            writer.text_or_empty(Kind::ToString, text);
        }
        match &object.content {
            Content::None => {}
            // A wrapped object counts as a level, a wrapped primitive does not.
            Content::Value(inner @ Value::Object(_)) => self.write(writer, Name::None, inner)?,
            Content::Value(Value::Nil | Value::Ref(_) | Value::Members(_) | Value::Streamed(_)) => {
                return Err(Error::data(
                    "an object wraps a primitive or another object, and nothing else",
                ));
            }
            Content::Value(inner) => self.value(writer, Name::None, inner)?,
            Content::List(kind, items) => {
                let kind = match kind {
                    ListKind::List => Kind::List,
                    ListKind::Enumerable => Kind::Enumerable,
                    ListKind::Stack => Kind::Stack,
                    ListKind::Queue => Kind::Queue,
                };
                if items.is_empty() {
                    writer.empty_element(kind);
                } else {
                    writer.open(kind);
                    for (index, item) in items.iter().enumerate() {
                        self.write(writer, Name::None, item)
                            .map_err(|error| error.in_item(index))?;
                    }
                    writer.close(kind);
                }
            }
            Content::Dictionary(entries) if entries.is_empty() => {
                writer.empty_element(Kind::Dictionary);
            }
            Content::Dictionary(entries) => {
                writer.open(Kind::Dictionary);
                for (index, (key, value)) in entries.iter().enumerate() {
                    if key.is_nil() {
                        return Err(Error::data("a dictionary's key cannot be null").in_item(index));
                    }
                    writer.open(Kind::Entry);
                    self.write(writer, Name::Key, key)
                        .map_err(|error| error.in_item(index))?;
                    self.write(writer, Name::Value, value)
                        .map_err(|error| error.in_item(index))?;
                    writer.close(Kind::Entry);
                }
                writer.close(Kind::Dictionary);
            }
        }
        for (kind, members) in [
            (Kind::Props, &object.properties),
            (Kind::Members, &object.members),
        ] {
            if !members.is_empty() {
                writer.open(kind);
                self.members(writer, members)?;
                writer.close(kind);
            }
        }
        writer.close(Kind::Obj);
        Ok(())
    }

    fn members(&mut self, writer: &mut Writer, members: &[(Text, Value)]) -> Result<(), Error> {
        for (name, value) in members {
            if name.as_str() == Some("") {
                return Err(Error::data(
                    "a member needs a name, and PowerShell takes no empty one",
                ));
            }
            self.write(writer, Name::Text(name), value)
                .map_err(|error| error.in_member(&name.to_string_lossy()))?;
        }
        Ok(())
    }
}

fn write_progress(writer: &mut Writer, name: Name<'_>, progress: &Progress) {
    writer.open_named(Kind::Progress, name);
    writer.progress_text("AV", &progress.activity);
    writer.progress_part("AI", progress.activity_id);
    match &progress.current_operation {
        Some(text) => writer.dotnet_text(Kind::String, Name::None, text),
        None => writer.nil(Name::None),
    }
    writer.progress_part("PI", progress.parent_activity_id);
    writer.progress_part("PC", progress.percent_complete);
    writer.progress_part(
        "T",
        if progress.completed {
            "Completed"
        } else {
            "Processing"
        },
    );
    writer.progress_part("SR", progress.seconds_remaining);
    writer.progress_text("SD", &progress.status);
    writer.close(Kind::Progress);
}
