//! The entries of a dictionary, or the members of an object, as those of a map.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, Visitor};

use super::element::Element;
use super::text::TextDeserializer;
use super::view::{Shape, View};
use crate::clixml::base::error::Error;
use crate::clixml::lexical::decode::Decoded;
use crate::clixml::lexical::ignore_case::{folded, variant_name};

/// The entries of a map.
pub(crate) struct MapView<'t, 'de> {
    element: Element<'t, 'de>,
    entries: std::vec::IntoIter<(Key<'de>, u32)>,
    value: Option<(Key<'de>, u32)>,
}

enum Key<'de> {
    Name(Cow<'de, str>),
    Element(u32),
}

impl<'t, 'de> MapView<'t, 'de> {
    pub(crate) fn new(element: Element<'t, 'de>, view: View) -> Result<Option<Self>, Error> {
        let context = element.context;
        let entries: Vec<_> = match view.shape {
            Shape::PropertySet(set) => {
                let mut entries: Vec<(Key<'de>, u32)> = Vec::new();
                let mut positions = HashMap::new();
                for member in context.members(set) {
                    let name = element.member_name(member);
                    let position = *positions.entry(folded(&name)).or_insert(entries.len());
                    let entry = (Key::Name(name), member);
                    match entries.get_mut(position) {
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
                    Decoded::Utf16(units) => String::from_utf16_lossy(&units),
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
                .map_err(|error| self.element.context.tape.locate(error, *node)),
            Key::Element(node) => {
                let key = self.element.inner(*node)?;
                seed.deserialize(key).map_err(|error| key.locate(error))
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
                .map_err(|error| member.locate(error))
        });
        value.map_err(|error| error.in_member(&self.key_text(&key)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// The name of a member as the key of a map: text, or a number or bool that the text spells.
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
        TextDeserializer(self.0).deserialize_any(visitor)
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
