//! Builds a [`Value`] from the tape.

use std::collections::{HashMap, HashSet};

use super::view::Context;
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::Decoded;
use crate::clixml::lexical::number::{parse_bool, parse_float, parse_int};
use crate::clixml::lexical::{binary, duration};
use crate::clixml::value::date_time::DateTime;
use crate::clixml::value::decimal::Decimal;
use crate::clixml::value::dynamic::{Content, ListKind, Object, ObjectId, Value};
use crate::clixml::value::guid::Guid;
use crate::clixml::value::progress::Progress;
use crate::clixml::value::secure_string::SecureString;
use crate::clixml::value::streamed::Streamed;
use crate::clixml::value::text::Text;
use crate::clixml::value::type_names::TypeNames;
use crate::clixml::value::version::Version;

pub(crate) struct Builder<'t, 'de> {
    context: &'t Context<'de>,
    /// The targets of references that are part of the value so far.
    known_ids: HashSet<u32>,
    /// The lists of type names, each built once and shared by its objects.
    types: HashMap<u32, TypeNames>,
}

impl<'t, 'de> Builder<'t, 'de> {
    pub(crate) fn new(context: &'t Context<'de>) -> Self {
        Builder {
            context,
            known_ids: HashSet::new(),
            types: HashMap::new(),
        }
    }

    /// The value of an element. Objects that it refers to become part of it.
    #[inline]
    pub(crate) fn value(&mut self, index: u32, level: usize) -> Result<Value, Error> {
        // Most documents have no streams.
        if self.context.tape.streams.is_empty() {
            return self.without_stream(index, level);
        }
        let value = self.without_stream(index, level)?;
        match self.context.tape.stream(index) {
            Some(stream) => Ok(Streamed { stream, value }.into()),
            None => Ok(value),
        }
    }

    fn without_stream(&mut self, index: u32, level: usize) -> Result<Value, Error> {
        self.context.check_level(level, index)?;
        let tape = &self.context.tape;
        let node = tape.node(index);
        match node.kind {
            Kind::Nil => Ok(Value::Nil),
            Kind::Objs => {
                let mut objects = self.items(index, level)?;
                match objects.len() {
                    0 | 1 => Ok(objects.pop().unwrap_or_default()),
                    _ => {
                        let content = Content::List(ListKind::List, objects);
                        Ok(Object {
                            content,
                            ..Object::default()
                        }
                        .into())
                    }
                }
            }
            Kind::Ref => {
                let target = tape.target(node);
                if self.known_ids.contains(&target) {
                    return Ok(Value::Ref(ObjectId(target)));
                }
                self.context.charge(index, target)?;
                self.without_stream(target, level + 1)
            }
            Kind::Obj if self.known_ids.contains(&index) => Ok(Value::Ref(ObjectId(index))),
            Kind::Obj => self
                .object(index, level)
                .map(|object| Value::Object(Box::new(object))),
            Kind::Members => Ok(Value::Members(self.members(index, level)?)),
            Kind::Progress => Ok(Value::Progress(Box::new(self.progress(index)))),
            kind => {
                let text = tape.text(node);
                primitive(kind, text).ok_or_else(|| {
                    tape.locate(
                        Error::data(format!("`<{}>` holds no value that is known", kind.tag())),
                        index,
                    )
                })
            }
        }
    }

    pub(crate) fn items(&mut self, parent: u32, level: usize) -> Result<Vec<Value>, Error> {
        let context = self.context;
        context
            .tape
            .children(parent)
            .map(|item| self.value(item, level + 1))
            .collect()
    }

    fn members(&mut self, set: u32, level: usize) -> Result<Vec<(Text, Value)>, Error> {
        let context = self.context;
        let members = context.tape.children(set);
        members
            .map(|member| {
                let name = context.tape.name(context.tape.node(member)).into();
                Ok((name, self.value(member, level + 1)?))
            })
            .collect()
    }

    fn object(&mut self, index: u32, level: usize) -> Result<Object, Error> {
        let tape = &self.context.tape;
        let mut object = Object::default();
        if self.context.is_target(index) {
            self.known_ids.insert(index);
            object.id = Some(ObjectId(index));
        }
        for part in tape.children(index) {
            let node = tape.node(part);
            match node.kind {
                Kind::TypeNames => object.type_names = Some(self.type_names(part)),
                Kind::TypeNamesRef => object.type_names = Some(self.type_names(tape.target(node))),
                Kind::ToString => object.to_string = Some(tape.text(node).into()),
                Kind::Props => object.properties.extend(self.members(part, level)?),
                Kind::Members => object.members.extend(self.members(part, level)?),
                Kind::Dictionary => {
                    let entries = self.context.entries(part);
                    let entries = entries.map(|(key, value)| {
                        Ok((self.value(key, level + 1)?, self.value(value, level + 1)?))
                    });
                    object.content = Content::Dictionary(entries.collect::<Result<_, Error>>()?);
                }
                Kind::List | Kind::Enumerable | Kind::Stack | Kind::Queue => {
                    let kind = match node.kind {
                        Kind::Enumerable => ListKind::Enumerable,
                        Kind::Stack => ListKind::Stack,
                        Kind::Queue => ListKind::Queue,
                        _ => ListKind::List,
                    };
                    object.content = Content::List(kind, self.items(part, level)?);
                }
                kind if kind.is_primitive() || kind == Kind::Obj => {
                    object.content = Content::Value(self.value(part, level + 1)?);
                }
                _ => {}
            }
        }
        Ok(object)
    }

    fn type_names(&mut self, list: u32) -> TypeNames {
        let tape = &self.context.tape;
        let names = || {
            tape.children(list)
                .map(|name| tape.text(tape.node(name)))
                .collect()
        };
        self.types.entry(list).or_insert_with(names).clone()
    }

    fn progress(&self, index: u32) -> Progress {
        let tape = &self.context.tape;
        let mut progress = Progress::default();
        for (step, part) in tape.children(index).enumerate() {
            let node = tape.node(part);
            let text = tape.text(node);
            let number = match (&text, node.kind) {
                (Decoded::Str(text), Kind::I32) => parse_int(text, true).unwrap_or_default(),
                _ => 0,
            };
            match step {
                0 => progress.activity = text.into(),
                1 => progress.activity_id = number,
                2 if node.kind == Kind::String => progress.current_operation = Some(text.into()),
                3 => progress.parent_activity_id = number,
                4 => progress.percent_complete = number,
                5 => progress.completed = Text::from(text) == "Completed",
                6 => progress.seconds_remaining = number,
                7 => progress.status = text.into(),
                _ => {}
            }
        }
        progress
    }
}

/// The value of a primitive, whose text was checked before.
fn primitive(kind: Kind, text: Decoded<'_>) -> Option<Value> {
    match kind {
        Kind::String => return Some(Value::String(text.into())),
        Kind::ScriptBlock => return Some(Value::ScriptBlock(text.into())),
        Kind::XmlDocument => return Some(Value::XmlDocument(text.into())),
        Kind::Uri => return Some(Value::Uri(text.into())),
        _ => {}
    }
    let Decoded::Str(text) = text else {
        return None;
    };
    let text: &str = &text;
    Some(match kind {
        Kind::Char => Value::Char(parse_int(text, false).ok()?),
        Kind::Bool => Value::Bool(parse_bool(text).ok()?),
        Kind::Byte => Value::Byte(parse_int(text, false).ok()?),
        Kind::SByte => Value::SByte(parse_int(text, true).ok()?),
        Kind::U16 => Value::U16(parse_int(text, false).ok()?),
        Kind::I16 => Value::I16(parse_int(text, true).ok()?),
        Kind::U32 => Value::U32(parse_int(text, false).ok()?),
        Kind::I32 => Value::I32(parse_int(text, true).ok()?),
        Kind::U64 => Value::U64(parse_int(text, false).ok()?),
        Kind::I64 => Value::I64(parse_int(text, true).ok()?),
        Kind::Single => Value::Single(parse_float(text).ok()?),
        Kind::Double => Value::Double(parse_float(text).ok()?),
        Kind::Decimal => Value::Decimal(Decimal::parse(text)?),
        Kind::DateTime => Value::DateTime(DateTime::parse(text)?),
        Kind::Duration => Value::Duration(duration::from_ticks(duration::parse(text).ok()?)),
        Kind::Guid => Value::Guid(Guid::parse(text)?),
        Kind::Version => Value::Version(Version::parse(text)?),
        Kind::Bytes => Value::Bytes(binary::parse(text).ok()?),
        Kind::SecureString => Value::SecureString(SecureString::parse(text)?),
        // Handled above, or by the caller. A new element has no value until it is added here.
        Kind::String | Kind::ScriptBlock | Kind::XmlDocument | Kind::Uri | Kind::Progress => {
            return None;
        }
        Kind::Objs
        | Kind::Obj
        | Kind::Nil
        | Kind::Ref
        | Kind::TypeNames
        | Kind::TypeNamesRef
        | Kind::TypeName
        | Kind::ToString
        | Kind::Props
        | Kind::Members
        | Kind::List
        | Kind::Enumerable
        | Kind::Stack
        | Kind::Queue
        | Kind::Dictionary
        | Kind::Entry => return None,
    })
}
