//! How members, entries and variants are found by name.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, VariantAccess, Visitor};
use smallvec::SmallVec;

use super::Error;
use super::builder::name_of;
use super::de::{Element, Lexical};
use super::escape::Decoded;
use super::tape::Kind;
use super::view::{Shape, View};

/// The name of a member. Halves of surrogate pairs are replaced: no Rust name has any.
fn member_name<'de>(element: Element<'_, 'de>, member: u32) -> Cow<'de, str> {
    match name_of(&element.context.tape, element.context.tape.node(member)) {
        Decoded::Str(name) => name,
        Decoded::Wide(units) => String::from_utf16_lossy(&units).into(),
    }
}

/// .NET compares names by their upper-case letters, one by one.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    let upper = |text: &'_ str| text.chars().map(fold).collect::<SmallVec<[char; 32]>>();
    upper(one) == upper(other)
}

fn fold(character: char) -> char {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => character,
    }
}

pub(super) fn folded(name: &str) -> String {
    name.chars().map(fold).collect()
}

/// The members of a struct.
pub(super) struct StructView<'t, 'de> {
    element: Element<'t, 'de>,
    members: smallvec::IntoIter<[(Name<'de>, u32); 16]>,
    value: Option<(Name<'de>, u32)>,
}

#[derive(Clone)]
enum Name<'de> {
    Field(&'static str),
    Unknown(Cow<'de, str>),
}

impl Name<'_> {
    fn as_str(&self) -> &str {
        match self {
            Name::Field(name) => name,
            Name::Unknown(name) => name,
        }
    }
}

impl<'t, 'de> StructView<'t, 'de> {
    /// The members of an object or the entries of a dictionary; `None` for anything else.
    pub(super) fn new(
        element: Element<'t, 'de>,
        view: View,
        fields: &'static [&'static str],
    ) -> Result<Option<Self>, Error> {
        let mut members = Members::new(fields, matches!(view.shape, Shape::Dictionary(_)));
        match view.shape {
            Shape::Bag(bag) => {
                for member in element.context.members(bag) {
                    members.add(member_name(element, member), member);
                }
            }
            Shape::Dictionary(dictionary) => {
                for (key, value) in element.context.entries(dictionary) {
                    let key = Element {
                        node: key,
                        ..element
                    };
                    // Only texts can be names; other keys are members that the type does not know.
                    if let Shape::Leaf(leaf) = key.view()?.shape
                        && element.context.tape.node(leaf).kind == Kind::String
                        && let Decoded::Str(name) = element.context.text(leaf)
                    {
                        members.add(name, value);
                    }
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(StructView {
            element,
            members: members.list.into_iter(),
            value: None,
        }))
    }
}

/// Collects members under the names that the type has for them.
struct Members<'de> {
    fields: &'static [&'static str],
    /// A dictionary may hold both spellings of a name; in an object the later one replaces the earlier one.
    exact_wins: bool,
    list: SmallVec<[(Name<'de>, u32); 16]>,
    /// Where each field stands in `list`, and whether it was spelled exactly.
    places: SmallVec<[(u32, bool); 16]>,
}

const ABSENT: u32 = u32::MAX;

impl<'de> Members<'de> {
    fn new(fields: &'static [&'static str], exact_wins: bool) -> Self {
        Members {
            fields,
            exact_wins,
            list: SmallVec::new(),
            places: smallvec::smallvec![(ABSENT, false); fields.len()],
        }
    }

    fn add(&mut self, name: Cow<'de, str>, node: u32) {
        let Some(field) = self.find(&name) else {
            return self.list.push((Name::Unknown(name), node));
        };
        let exact = self.fields[field] == name;
        match self.places[field] {
            (ABSENT, _) => {
                self.places[field] = (self.list.len() as u32, exact);
                self.list.push((Name::Field(self.fields[field]), node));
            }
            (place, was_exact) if exact || !was_exact || !self.exact_wins => {
                self.list[place as usize].1 = node;
                self.places[field].1 = exact;
            }
            _ => {}
        }
    }

    fn find(&self, name: &str) -> Option<usize> {
        // Documents mostly have the members in the order of the fields.
        let next = self.list.len();
        if self.fields.get(next).is_some_and(|field| *field == name) {
            return Some(next);
        }
        let exact = self.fields.iter().position(|field| *field == name);
        exact.or_else(|| self.fields.iter().position(|field| same_name(field, name)))
    }
}

impl<'de> MapAccess<'de> for StructView<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.value = self.members.next();
        let Some((name, node)) = &self.value else {
            return Ok(None);
        };
        let key = seed.deserialize(StrDeserializer::<Error>::new(name.as_str()));
        key.map(Some)
            .map_err(|error| self.element.context.tape.place(error, *node))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some((name, node)) = self.value.take() else {
            return Err(Error::data("a value was asked for before its key"));
        };
        let value = self.element.inner(node).and_then(|member| {
            seed.deserialize(member)
                .map_err(|error| member.place(error))
        });
        value.map_err(|error| error.in_member(name.as_str()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.members.len())
    }
}

/// The entries of a map.
pub(super) struct MapView<'t, 'de> {
    element: Element<'t, 'de>,
    entries: std::vec::IntoIter<(Key<'de>, u32)>,
    value: Option<(Key<'de>, u32)>,
}

enum Key<'de> {
    Name(Cow<'de, str>),
    Element(u32),
}

impl<'t, 'de> MapView<'t, 'de> {
    pub(super) fn new(element: Element<'t, 'de>, view: View) -> Result<Option<Self>, Error> {
        let context = element.context;
        let entries: Vec<_> = match view.shape {
            Shape::Bag(bag) => {
                let mut entries: Vec<(Key<'de>, u32)> = Vec::new();
                let mut places = HashMap::new();
                for member in context.members(bag) {
                    let name = member_name(element, member);
                    let place = *places.entry(folded(&name)).or_insert(entries.len());
                    let entry = (Key::Name(name), member);
                    match entries.get_mut(place) {
                        Some(earlier) => *earlier = entry,
                        None => entries.push(entry),
                    }
                }
                entries
            }
            Shape::Dictionary(dictionary) => context
                .entries(dictionary)
                .map(|(key, value)| (Key::Element(key), value))
                .collect(),
            _ => return Ok(None),
        };
        Ok(Some(MapView {
            element,
            entries: entries.into_iter(),
            value: None,
        }))
    }

    fn key_text(&self, key: &Key<'de>) -> String {
        match key {
            Key::Name(name) => name.to_string(),
            Key::Element(node) => match self.element.context.view(*node).map(|view| view.shape) {
                Ok(Shape::Leaf(leaf)) => match self.element.context.text(leaf) {
                    Decoded::Str(text) => text.into_owned(),
                    Decoded::Wide(units) => String::from_utf16_lossy(&units),
                },
                _ => "?".into(),
            },
        }
    }
}

impl<'de> MapAccess<'de> for MapView<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.value = self.entries.next();
        let Some((key, node)) = &self.value else {
            return Ok(None);
        };
        match key {
            Key::Name(name) => seed
                .deserialize(NameKey(name.clone()))
                .map_err(|error| self.element.context.tape.place(error, *node)),
            Key::Element(node) => {
                let key = self.element.inner(*node)?;
                seed.deserialize(key).map_err(|error| key.place(error))
            }
        }
        .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some((key, node)) = self.value.take() else {
            return Err(Error::data("a value was asked for before its key"));
        };
        let value = self.element.inner(node).and_then(|member| {
            seed.deserialize(member)
                .map_err(|error| member.place(error))
        });
        value.map_err(|error| error.in_member(&self.key_text(&key)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// The name of a member where a map wants a key: text, or what its text spells.
struct NameKey<'de>(Cow<'de, str>);

macro_rules! spelled {
    ($($method:ident $type:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0.parse::<$type>() {
                Ok(key) => visitor.$visit(key),
                Err(_) => Err(Error::data(format!("expected {} as a key, found the name `{}`", stringify!($type), self.0))),
            }
        }
    )*};
}

impl<'de> serde::Deserializer<'de> for NameKey<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        Lexical(self.0).deserialize_any(visitor)
    }

    spelled! {
        deserialize_bool bool visit_bool
        deserialize_i8 i8 visit_i8
        deserialize_i16 i16 visit_i16
        deserialize_i32 i32 visit_i32
        deserialize_i64 i64 visit_i64
        deserialize_u8 u8 visit_u8
        deserialize_u16 u16 visit_u16
        deserialize_u32 u32 visit_u32
        deserialize_u64 u64 visit_u64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(variant_name(&self.0, variants).into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}

/// The variant's own spelling of a name, or the name itself if there is none.
fn variant_name<'a>(name: &'a str, variants: &'static [&'static str]) -> &'a str {
    let exact = variants.iter().find(|variant| **variant == name);
    exact
        .or_else(|| variants.iter().find(|variant| same_name(variant, name)))
        .copied()
        .unwrap_or(name)
}

/// A variant, and the element with its content.
pub(super) struct EnumView<'t, 'de> {
    element: Element<'t, 'de>,
    name: Cow<'de, str>,
    variants: &'static [&'static str],
    content: Option<u32>,
}

impl<'t, 'de> EnumView<'t, 'de> {
    pub(super) fn new(
        element: Element<'t, 'de>,
        view: View,
        variants: &'static [&'static str],
    ) -> Result<Option<Self>, Error> {
        let context = element.context;
        let (name, content) = match view.shape {
            Shape::Leaf(leaf) => match (context.tape.node(leaf).kind, view.caption) {
                (Kind::String, _) => (element.str(leaf)?, None),
                // An enum of .NET is a number that knows its name.
                (kind, Some(caption)) if super::view::is_integer(kind) => {
                    (element.str(caption)?, None)
                }
                _ => return Ok(None),
            },
            Shape::Bag(bag) => {
                let mut members = context.members(bag);
                match (members.next(), members.next()) {
                    (Some(member), None) => (member_name(element, member), Some(member)),
                    _ => return Ok(None),
                }
            }
            Shape::Dictionary(dictionary) => {
                let mut entries = context.entries(dictionary);
                let (Some((key, value)), None) = (entries.next(), entries.next()) else {
                    return Ok(None);
                };
                let key = Element {
                    node: key,
                    ..element
                };
                match key.view()?.shape {
                    Shape::Leaf(leaf) if context.tape.node(leaf).kind == Kind::String => {
                        (key.str(leaf)?, Some(value))
                    }
                    _ => return Ok(None),
                }
            }
            _ => return Ok(None),
        };
        Ok(Some(EnumView {
            element,
            name,
            variants,
            content,
        }))
    }
}

impl<'t, 'de> EnumAccess<'de> for EnumView<'t, 'de> {
    type Error = Error;
    type Variant = VariantView<'t, 'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), Error> {
        let name = variant_name(&self.name, self.variants);
        let variant = seed.deserialize(StrDeserializer::<Error>::new(name))?;
        let content = self
            .content
            .map(|node| self.element.inner(node))
            .transpose()?;
        Ok((
            variant,
            VariantView {
                element: self.element,
                name: name.to_owned(),
                content,
            },
        ))
    }
}

pub(super) struct VariantView<'t, 'de> {
    element: Element<'t, 'de>,
    name: String,
    content: Option<Element<'t, 'de>>,
}

impl<'t, 'de> VariantView<'t, 'de> {
    fn with<T>(
        self,
        expected: &str,
        read: impl FnOnce(Element<'t, 'de>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.content {
            Some(content) => read(content)
                .map_err(|error| content.place(error))
                .map_err(|error| error.in_member(&self.name)),
            None => {
                let message = format!(
                    "expected {expected} for the variant `{}`, found its name alone",
                    self.name
                );
                Err(self.element.place(Error::data(message)))
            }
        }
    }
}

impl<'de> VariantAccess<'de> for VariantView<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.content {
            None => Ok(()),
            Some(_) => self.with("null", serde::Deserialize::deserialize),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        self.with("a value", |content| seed.deserialize(content))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Error> {
        self.with("a list", |content| {
            serde::Deserializer::deserialize_tuple(content, length, visitor)
        })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let name = self.name.clone();
        self.with("an object", |content| {
            let view = content.view()?;
            let Some(members) = StructView::new(content, view, fields)? else {
                return Err(
                    content.mismatch(view, &format!("an object with the members of {name}"))
                );
            };
            visitor.visit_map(members)
        })
    }
}
