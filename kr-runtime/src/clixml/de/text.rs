//! A text as a deserializer.

use std::borrow::Cow;

use serde::de::Visitor;
use serde::forward_to_deserialize_any;

use crate::clixml::base::error::Error;

/// Deserializes from a text alone.
pub(crate) struct TextDeserializer<'de>(pub(crate) Cow<'de, str>);

impl<'de> serde::Deserializer<'de> for TextDeserializer<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
