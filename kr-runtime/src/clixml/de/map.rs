//! The entries of a dictionary, or the members of an object, as those of a map.

use std::collections::HashMap;
use std::rc::Rc;

use serde::de::{DeserializeSeed, MapAccess};

use super::element::Element;
use super::name_key::NameKey;
use super::reading;
use super::view::{Shape, View};
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::Decoded;
use crate::clixml::lexical::ignore_case::folded;

/// The entries of a map.
pub(crate) struct MapView<'t, 'de> {
    element: Element<'t, 'de>,
    entries: std::vec::IntoIter<(Key<'de>, u32)>,
    value: Option<(Key<'de>, u32)>,
    /// How fields behind a buffer spell names, see `reading`.
    spellings: Option<Rc<HashMap<String, &'static str>>>,
}

enum Key<'de> {
    Name(Decoded<'de>),
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
                    let folded = match &name {
                        Decoded::Str(name) => Decoded::Str(folded(name).into()),
                        half => half.clone(),
                    };
                    let position = *positions.entry(folded).or_insert(entries.len());
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
            spellings: reading::spellings(),
        }))
    }

    /// The spelling of a field with this name, if it differs.
    fn field(&self, name: &Decoded<'de>) -> Option<&'static str> {
        match name {
            Decoded::Str(name) => self.spellings.as_ref()?.get(&folded(name)).copied(),
            Decoded::Utf16(_) => None,
        }
    }

    fn key_text(&self, key: &Key<'de>) -> String {
        match key {
            Key::Name(name) => name.clone().lossy().into_owned(),
            Key::Element(node) => match self.element.context.view(*node).map(|view| view.shape) {
                Ok(Shape::Leaf(leaf)) if self.element.context.tape.node(leaf).kind.is_secret() => {
                    "…".into()
                }
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
                .deserialize(NameKey {
                    field: self.field(name),
                    name: name.clone(),
                })
                .map_err(|error| self.element.context.tape.locate(error, *node)),
            Key::Element(node) => {
                let key = self.element.inner(*node)?;
                if self.spellings.is_some()
                    && let Ok(Shape::Leaf(leaf)) = key.view().map(|view| view.shape)
                    && key.context.tape.node(leaf).kind == Kind::String
                    && let name = key.context.text(leaf)
                    && let field @ Some(_) = self.field(&name)
                {
                    let key = NameKey { name, field };
                    return seed.deserialize(key).map(Some);
                }
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
