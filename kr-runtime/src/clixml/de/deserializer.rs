//! Reading a document into any type that serde can deserialize.

use serde::de::Visitor;
use serde::de::value::SeqDeserializer;

use super::element::Element;
use super::map::MapView;
use super::marked::{AnyText, Marked, is_buffer};
use super::members::StructView;
use super::reading;
use super::sequence::{Items, NoItems, SingleItem};
use super::tagged;
use super::variant::EnumView;
use super::view::Shape;
use super::widths;
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::element::type_tag::TypeTag;
use crate::clixml::lexical::binary;
use crate::clixml::lexical::decode::Decoded;
use crate::clixml::lexical::number::{parse_bool, parse_int};
use crate::clixml::parse::tape::TEXT_RAW;

impl<'de> Element<'_, 'de> {
    fn visit_leaf<V: Visitor<'de>>(self, leaf: u32, visitor: V) -> Result<V::Value, Error> {
        use serde::Deserializer as _;
        let kind = self.context.tape.node(leaf).kind;
        if kind.is_integer()
            && self.node != leaf
            && let Some((width, number)) = reading::width(self.context, self.node)
            && is_buffer::<V>()
        {
            return widths::visit(width, number, visitor).map_err(|error| self.locate(error));
        }
        if self.may_need_mark(leaf, kind)
            && is_buffer::<V>()
            && let Some(marked) = self.marked(leaf, kind)
        {
            return visitor
                .visit_newtype_struct(marked)
                .map_err(|error| self.locate(error));
        }
        match kind {
            Kind::Bool => self.deserialize_bool(visitor),
            Kind::Byte => self.deserialize_u8(visitor),
            Kind::SByte => self.deserialize_i8(visitor),
            Kind::U16 => self.deserialize_u16(visitor),
            Kind::I16 => self.deserialize_i16(visitor),
            Kind::U32 => self.deserialize_u32(visitor),
            Kind::I32 => self.deserialize_i32(visitor),
            Kind::U64 => self.deserialize_u64(visitor),
            Kind::I64 => self.deserialize_i64(visitor),
            Kind::Single => self.deserialize_f32(visitor),
            Kind::Double => self.deserialize_f64(visitor),
            Kind::Char => self.deserialize_char(visitor),
            // Types that accept anything can hold a list of numbers, but seldom bytes.
            Kind::Bytes => self.deserialize_seq(visitor),
            Kind::String
            | Kind::Decimal
            | Kind::DateTime
            | Kind::Duration
            | Kind::Guid
            | Kind::Uri
            | Kind::Version
            | Kind::XmlDocument
            | Kind::ScriptBlock => self.deserialize_str(visitor),
            // These have no form in serde. Asking for a string reports what was found.
            Kind::SecureString | Kind::Progress => self.deserialize_str(visitor),
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
            | Kind::Entry => self.deserialize_str(visitor),
        }
    }
}

impl<'de> Element<'_, 'de> {
    /// Whether [`marked`](Self::marked) has to look at the text. Most elements need no look.
    fn may_need_mark(self, leaf: u32, kind: Kind) -> bool {
        matches!(kind, Kind::SecureString | Kind::Progress | Kind::Char)
            || self.context.tape.node(leaf).flags & TEXT_RAW != 0
    }

    /// The leaf in the form for serde's buffers, if they would change or refuse its own.
    fn marked(self, leaf: u32, kind: Kind) -> Option<Marked<'de>> {
        let text = self.context.text(leaf);
        match (kind, &text) {
            (Kind::SecureString, _) | (_, Decoded::Utf16(_)) => Some(Marked { kind, text }),
            (Kind::Char, Decoded::Str(unit)) => {
                let half = parse_int::<u16>(unit, false)
                    .is_ok_and(|unit| char::from_u32(unit.into()).is_none());
                half.then_some(Marked { kind, text })
            }
            // A record has several texts. Its index finds it again.
            (Kind::Progress, _) => Some(Marked {
                kind,
                text: Decoded::Str(leaf.to_string().into()),
            }),
            _ => None,
        }
    }
}

macro_rules! numbers {
    ($($method:ident $read:ident $type:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let number = self.$read::<$type>(stringify!($type))?;
            visitor.$visit(number).map_err(|error| self.locate(error))
        }
    )*};
}

impl<'de> serde::Deserializer<'de> for Element<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        reading::note::<V>(self.node);
        match self.view()?.shape {
            Shape::Nil => visitor.visit_unit().map_err(|error| self.locate(error)),
            Shape::Leaf(leaf)
                if reading::is_list(self.context.tape.node(leaf).text.start)
                    && is_buffer::<V>() =>
            {
                let item = AnyText(self.context.text(leaf));
                visitor
                    .visit_seq(SeqDeserializer::new(std::iter::once(item)))
                    .map_err(|error| self.locate(error))
            }
            Shape::Leaf(leaf) => self.visit_leaf(leaf, visitor),
            Shape::Items(_) => self.deserialize_seq(visitor),
            Shape::Dictionary(_) | Shape::PropertySet(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let (leaf, _) = self.leaf("bool", |kind| kind == Kind::Bool)?;
        let value = parse_bool(&self.str(leaf)?).unwrap_or_default();
        visitor
            .visit_bool(value)
            .map_err(|error| self.locate(error))
    }

    numbers! {
        deserialize_i8 integer i8 visit_i8
        deserialize_i16 integer i16 visit_i16
        deserialize_i32 integer i32 visit_i32
        deserialize_i64 integer i64 visit_i64
        deserialize_u8 integer u8 visit_u8
        deserialize_u16 integer u16 visit_u16
        deserialize_u32 integer u32 visit_u32
        deserialize_u64 integer u64 visit_u64
        deserialize_f32 float f32 visit_f32
        deserialize_f64 float f64 visit_f64
    }

    fn deserialize_i128<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(self.locate(Error::data(
            "CLIXML has no integer as wide as i128; use i64",
        )))
    }

    fn deserialize_u128<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(self.locate(Error::data(
            "CLIXML has no integer as wide as u128; use u64",
        )))
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let (leaf, kind) = self.leaf("a character", |kind| {
            matches!(kind, Kind::Char | Kind::String)
        })?;
        let text = self.str(leaf)?;
        let character = if kind == Kind::Char {
            char::from_u32(parse_int::<u16>(&text, false).unwrap_or(0xD800).into())
        } else {
            let mut characters = text.chars();
            characters.next().filter(|_| characters.next().is_none())
        };
        match character {
            Some(character) => visitor
                .visit_char(character)
                .map_err(|error| self.locate(error)),
            None if kind == Kind::Char => Err(self.locate(Error::data(
                "expected a character, found an unpaired surrogate",
            ))),
            None => Err(self.mismatch(self.view()?, "a character")),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        // Most elements are strings without escapes, which need no decoding.
        let node = self.context.tape.node(self.node);
        if node.kind == Kind::String && node.flags & TEXT_RAW == 0 {
            let text = self.context.tape.slice(node.text);
            return visitor
                .visit_borrowed_str(text)
                .map_err(|error| self.locate(error));
        }
        let (leaf, kind) = self.leaf("a string", Kind::is_textual)?;
        if kind == Kind::Char {
            self.deserialize_char(visitor)
        } else {
            self.visit_text(leaf, visitor)
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let view = self.view()?;
        match view.shape {
            Shape::Leaf(leaf) if self.context.tape.node(leaf).kind == Kind::Bytes => {
                let bytes = binary::parse(&self.str(leaf)?).unwrap_or_default();
                visitor
                    .visit_byte_buf(bytes)
                    .map_err(|error| self.locate(error))
            }
            Shape::Items(_) => self.deserialize_seq(visitor),
            _ => Err(self.mismatch(view, "bytes")),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.view()?.shape {
            Shape::Nil => visitor.visit_none(),
            _ => visitor.visit_some(self),
        };
        value.map_err(|error| self.locate(error))
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let view = self.view()?;
        match view.shape {
            Shape::Nil => visitor.visit_unit().map_err(|error| self.locate(error)),
            _ => Err(self.mismatch(view, "null")),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match TypeTag::of(name) {
            Some(tag) => tagged::read(tag, self, visitor),
            None => visitor.visit_newtype_struct(self),
        }
        .map_err(|error| self.locate(error))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.view()?.shape {
            Shape::Nil => visitor.visit_seq(NoItems),
            Shape::Items(items) => visitor.visit_seq(Items {
                element: self,
                rest: self.context.tape.children(items),
                index: 0,
            }),
            Shape::Leaf(leaf) if self.context.tape.node(leaf).kind == Kind::Bytes => {
                let bytes = binary::parse(&self.str(leaf)?).unwrap_or_default();
                visitor.visit_seq(serde::de::value::SeqDeserializer::new(bytes.into_iter()))
            }
            // PowerShell unrolls a pipeline of one object into that object.
            _ => visitor.visit_seq(SingleItem(Some(self))),
        };
        value.map_err(|error| self.locate(error))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let view = self.view()?;
        let Some(map) = MapView::new(self, view)? else {
            return Err(self.mismatch(view, "a dictionary or an object"));
        };
        visitor.visit_map(map).map_err(|error| self.locate(error))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let view = self.view()?;
        let Some(members) = StructView::new(self, view, fields)? else {
            return Err(self.mismatch(view, &format!("an object with the members of {name}")));
        };
        visitor
            .visit_map(members)
            .map_err(|error| self.locate(error))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let view = self.view()?;
        let Some(variant) = EnumView::new(self, view, variants)? else {
            return Err(self.mismatch(
                view,
                &format!("a variant of {name}, as its name or an object with one member"),
            ));
        };
        visitor
            .visit_enum(variant)
            .map_err(|error| self.locate(error))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}
