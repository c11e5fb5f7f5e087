//! Elements that serde's buffers would change, in a form that only their own types read.
//!
//! serde reads the content of flattened, internally tagged and untagged types into a buffer first. The buffer has no
//! secret, no unpaired surrogate and no progress record. It keeps a newtype, so such an element becomes a newtype around
//! a map with one entry: the name of the element and its text.

use serde::de::value::MapDeserializer;
use serde::de::{IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::text::TextDeserializer;
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::Decoded;
use crate::clixml::lexical::wtf8;

/// Whether a visitor fills one of serde's buffers.
pub(crate) fn is_buffer<V>() -> bool {
    std::any::type_name::<V>().contains("private::de::content::")
}

/// An element for a buffer.
pub(crate) struct Marked<'de> {
    pub(crate) kind: Kind,
    pub(crate) text: Decoded<'de>,
}

impl<'de> serde::Deserializer<'de> for Marked<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let tag = self.kind.type_tag();
        match self.text {
            Decoded::Str(text) if self.kind.is_secret() => {
                let entry = (tag, Hidden(wtf8::hide(&text)));
                visitor.visit_map(MapDeserializer::new(std::iter::once(entry)))
            }
            text => visitor.visit_map(MapDeserializer::new(std::iter::once((tag, AnyText(text))))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Text that may have unpaired surrogates, which is then given as bytes.
pub(crate) struct AnyText<'de>(pub(crate) Decoded<'de>);

impl<'de> IntoDeserializer<'de, Error> for AnyText<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> serde::Deserializer<'de> for AnyText<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Decoded::Str(text) => TextDeserializer(text).deserialize_any(visitor),
            Decoded::Utf16(units) => visitor.visit_byte_buf(wtf8::encode(&units)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A secret as bytes that are no text, so no string takes it and no message shows it.
struct Hidden(Vec<u8>);

impl<'de> IntoDeserializer<'de, Error> for Hidden {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> serde::Deserializer<'de> for Hidden {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_byte_buf(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
