//! Signatures of plain data: what a buffer holds of an element has the signature of that element.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::view::{Context, Shape};
use super::widths::{Widths, wrapped};
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::Decoded;
use crate::clixml::lexical::ignore_case::folded;
use crate::clixml::lexical::number::{parse_bool, parse_float, parse_int};
use crate::clixml::lexical::{binary, wtf8};

pub(super) fn of<T: Hash + ?Sized>(kind: &str, content: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    kind.hash(&mut hasher);
    content.hash(&mut hasher);
    hasher.finish()
}

pub(super) fn text(text: &str) -> u64 {
    of("text", text)
}

/// The signature of a key. Names may be read in the spelling of a Rust type.
pub(super) fn name(name: &str) -> u64 {
    of("name", &folded(name))
}

pub(super) fn list(items: impl Iterator<Item = u64>) -> u64 {
    of("list", &items.collect::<Vec<_>>())
}

pub(super) fn map(entries: impl Iterator<Item = (u64, u64)>) -> u64 {
    of("map", &entries.collect::<Vec<_>>())
}

/// The signatures of the elements of a document.
pub(super) struct Signatures<'t, 'de> {
    context: &'t Context<'de>,
    widths: &'t Widths,
    /// By node; `None` while it is being computed, and for objects that contain themselves.
    known: HashMap<u32, Option<u64>>,
}

impl<'t, 'de> Signatures<'t, 'de> {
    pub(super) fn new(context: &'t Context<'de>, widths: &'t Widths) -> Self {
        Signatures {
            context,
            widths,
            known: HashMap::new(),
        }
    }

    pub(super) fn of(&mut self, node: u32) -> Option<u64> {
        if let Some((object, leaf)) = wrapped(self.context, node)
            && let Some(width) = self.widths.get(&object)
        {
            return self.leaf(leaf, *width);
        }
        let shape = self.context.view(node).ok()?.shape;
        let base = match shape {
            Shape::Nil => return Some(of("nil", &())),
            Shape::Leaf(base)
            | Shape::Items(base)
            | Shape::Dictionary(base)
            | Shape::PropertySet(base) => base,
        };
        if let Some(known) = self.known.get(&base) {
            return *known;
        }
        self.known.insert(base, None);
        let signature = self.compute(shape);
        self.known.insert(base, signature);
        signature
    }

    fn compute(&mut self, shape: Shape) -> Option<u64> {
        let context = self.context;
        match shape {
            Shape::Nil => None,
            Shape::Leaf(leaf) => self.leaf(leaf, context.tape.node(leaf).kind),
            Shape::Items(items) => {
                let items: Option<Vec<_>> = context
                    .tape
                    .children(items)
                    .map(|item| self.of(item))
                    .collect();
                Some(list(items?.into_iter()))
            }
            Shape::Dictionary(dictionary) => {
                let entries: Option<Vec<_>> = context
                    .entries(dictionary)
                    .map(|(key, value)| Some((self.key(key)?, self.of(value)?)))
                    .collect();
                Some(map(entries?.into_iter()))
            }
            Shape::PropertySet(set) => {
                // As `MapView` has them: the later of two members stands where the earlier one stood.
                let mut entries: Vec<(u64, u64)> = Vec::new();
                let mut positions = HashMap::new();
                for member in context.members(set) {
                    let key = match context.tape.name(context.tape.node(member)) {
                        Decoded::Str(member) => name(&member),
                        Decoded::Utf16(units) => of("bytes", &wtf8::encode(&units)),
                    };
                    let entry = (key, self.of(member)?);
                    let position = *positions.entry(key).or_insert(entries.len());
                    match entries.get_mut(position) {
                        Some(earlier) => *earlier = entry,
                        None => entries.push(entry),
                    }
                }
                Some(map(entries.into_iter()))
            }
        }
    }

    fn key(&mut self, key: u32) -> Option<u64> {
        if let Shape::Leaf(leaf) = self.context.view(key).ok()?.shape
            && self.context.tape.node(leaf).kind.is_textual()
            && self.context.tape.node(leaf).kind != Kind::Char
            && let Decoded::Str(text) = self.context.text(leaf)
        {
            return Some(name(&text));
        }
        self.of(key)
    }

    fn leaf(&self, leaf: u32, kind: Kind) -> Option<u64> {
        let content = match (kind, self.context.text(leaf)) {
            (Kind::Progress, _) => return Some(marked(kind, text(&leaf.to_string()))),
            (_, Decoded::Utf16(units)) => {
                return Some(marked(kind, of("bytes", &wtf8::encode(&units))));
            }
            (_, Decoded::Str(content)) => content,
        };
        let content: &str = &content;
        Some(match kind {
            Kind::Bool => of("bool", &parse_bool(content).ok()?),
            Kind::Byte => of("u8", &parse_int::<u8>(content, false).ok()?),
            Kind::SByte => of("i8", &parse_int::<i8>(content, true).ok()?),
            Kind::U16 => of("u16", &parse_int::<u16>(content, false).ok()?),
            Kind::I16 => of("i16", &parse_int::<i16>(content, true).ok()?),
            Kind::U32 => of("u32", &parse_int::<u32>(content, false).ok()?),
            Kind::I32 => of("i32", &parse_int::<i32>(content, true).ok()?),
            Kind::U64 => of("u64", &parse_int::<u64>(content, false).ok()?),
            Kind::I64 => of("i64", &parse_int::<i64>(content, true).ok()?),
            Kind::Single => of("f32", &parse_float::<f32>(content).ok()?.to_bits()),
            Kind::Double => of("f64", &parse_float::<f64>(content).ok()?.to_bits()),
            Kind::Bytes => {
                let bytes = binary::parse(content).ok()?;
                list(bytes.iter().map(|byte| of("u8", byte)))
            }
            Kind::Char => match char::from_u32(parse_int::<u16>(content, false).ok()?.into()) {
                Some(character) => of("char", &character),
                None => marked(kind, text(content)),
            },
            Kind::SecureString => marked(kind, of("bytes", &wtf8::hide(content))),
            _ => text(content),
        })
    }
}

/// The signature of an element in the form of [`super::marked`].
fn marked(kind: Kind, text: u64) -> u64 {
    map(std::iter::once((name(kind.type_tag()), text)))
}
