//! The members of an object, or the entries of a dictionary, as the fields of a struct.

use std::borrow::Cow;

use serde::de::value::{BytesDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, MapAccess};
use smallvec::SmallVec;

use super::element::Element;
use super::view::{Shape, View};
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::Decoded;
use crate::clixml::lexical::ignore_case::same_name;
use crate::clixml::lexical::wtf8;

/// The members of a struct.
pub(crate) struct StructView<'t, 'de> {
    element: Element<'t, 'de>,
    members: smallvec::IntoIter<[(Name<'de>, u32); 16]>,
    value: Option<(Name<'de>, u32)>,
}

#[derive(Clone)]
enum Name<'de> {
    Field(&'static str),
    Unknown(Cow<'de, str>),
    /// A name with an unpaired surrogate, which no field has.
    Half(Vec<u16>),
}

impl Name<'_> {
    fn lossy(&self) -> Cow<'_, str> {
        match self {
            Name::Field(name) => (*name).into(),
            Name::Unknown(name) => (&**name).into(),
            Name::Half(units) => String::from_utf16_lossy(units).into(),
        }
    }
}

impl<'t, 'de> StructView<'t, 'de> {
    /// The members of an object or the entries of a dictionary; `None` for anything else.
    pub(crate) fn new(
        element: Element<'t, 'de>,
        view: View,
        fields: &'static [&'static str],
    ) -> Result<Option<Self>, Error> {
        let mut members = Members::new(fields, matches!(view.shape, Shape::Dictionary(_)));
        match view.shape {
            Shape::PropertySet(set) => {
                for member in element.context.members(set) {
                    match element.member_name(member) {
                        Decoded::Str(name) => members.add(name, member),
                        Decoded::Utf16(units) => members.list.push((Name::Half(units), member)),
                    }
                }
            }
            Shape::Dictionary(dictionary) => {
                for (key, value) in element.context.entries(dictionary) {
                    let key = Element {
                        node: key,
                        ..element
                    };
                    // Only strings can be field names. Other keys are ignored.
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

/// Collects members under the names of the fields.
struct Members<'de> {
    fields: &'static [&'static str],
    /// A dictionary may hold both spellings of a name; in an object the later one replaces the earlier one.
    exact_wins: bool,
    list: SmallVec<[(Name<'de>, u32); 16]>,
    /// The position of each field in `list`, and whether its spelling was exact.
    positions: SmallVec<[(u32, bool); 16]>,
}

const ABSENT: u32 = u32::MAX;

impl<'de> Members<'de> {
    fn new(fields: &'static [&'static str], exact_wins: bool) -> Self {
        Members {
            fields,
            exact_wins,
            list: SmallVec::new(),
            positions: smallvec::smallvec![(ABSENT, false); fields.len()],
        }
    }

    fn add(&mut self, name: Cow<'de, str>, node: u32) {
        let Some(field) = self.find(&name) else {
            return self.list.push((Name::Unknown(name), node));
        };
        let exact = self.fields[field] == name;
        match self.positions[field] {
            (ABSENT, _) => {
                self.positions[field] = (self.list.len() as u32, exact);
                self.list.push((Name::Field(self.fields[field]), node));
            }
            (position, was_exact) if exact || !was_exact || !self.exact_wins => {
                self.list[position as usize].1 = node;
                self.positions[field].1 = exact;
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
        let key = match name {
            Name::Field(name) => seed.deserialize(StrDeserializer::<Error>::new(name)),
            Name::Unknown(name) => seed.deserialize(StrDeserializer::<Error>::new(name)),
            Name::Half(units) => {
                seed.deserialize(BytesDeserializer::<Error>::new(&wtf8::encode(units)))
            }
        };
        key.map(Some)
            .map_err(|error| self.element.context.tape.locate(error, *node))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some((name, node)) = self.value.take() else {
            return Err(Error::data("a value was asked for before its key"));
        };
        let value = self.element.inner(node).and_then(|member| {
            seed.deserialize(member)
                .map_err(|error| member.locate(error))
        });
        value.map_err(|error| error.in_member(&name.lossy()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.members.len())
    }
}
