//! The variants of an enum: a name, or an object with one member.

use std::borrow::Cow;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, EnumAccess, VariantAccess, Visitor};

use super::element::Element;
use super::members::StructView;
use super::view::{Shape, View};
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::Decoded;
use crate::clixml::lexical::ignore_case::variant_name;

/// A variant, and the element with its content.
pub(crate) struct EnumView<'t, 'de> {
    element: Element<'t, 'de>,
    name: Cow<'de, str>,
    variants: &'static [&'static str],
    content: Option<u32>,
}

impl<'t, 'de> EnumView<'t, 'de> {
    pub(crate) fn new(
        element: Element<'t, 'de>,
        view: View,
        variants: &'static [&'static str],
    ) -> Result<Option<Self>, Error> {
        let context = element.context;
        let (name, content) = match view.shape {
            Shape::Leaf(leaf) => match (context.tape.node(leaf).kind, view.to_string) {
                (Kind::String, _) => (element.str(leaf)?, None),
                // A .NET enum is a number with its name as `ToString`.
                (kind, Some(to_string)) if kind.is_integer() => (element.str(to_string)?, None),
                _ => return Ok(None),
            },
            Shape::PropertySet(set) => {
                let mut members = context.members(set);
                match (members.next(), members.next()) {
                    (Some(member), None) => match element.member_name(member) {
                        Decoded::Str(name) => (name, Some(member)),
                        Decoded::Utf16(_) => return Ok(None),
                    },
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

pub(crate) struct VariantView<'t, 'de> {
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
                .map_err(|error| content.locate(error))
                .map_err(|error| error.in_member(&self.name)),
            None => {
                let message = format!(
                    "expected {expected} for the variant `{}`, found its name alone",
                    self.name
                );
                Err(self.element.locate(Error::data(message)))
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
