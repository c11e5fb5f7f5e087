//! .NET's `String` in serde: a string, and in CLIXML also what no Rust string can hold.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};

use super::text::Text;
use crate::clixml::base::error::is_error_of_clixml;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::wtf8;

/// Other formats get a string. They refuse unpaired surrogates.
impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.as_str(), self.unpaired_utf16()) {
            (None, Some(units)) if is_error_of_clixml::<S::Error>() => {
                serializer.serialize_newtype_struct(Kind::String.type_tag(), &Bytes(units))
            }
            (None, _) => Err(S::Error::custom(
                "the text has half of a surrogate pair, which this format cannot hold",
            )),
            (Some(text), _) => serializer.serialize_str(text),
        }
    }
}

struct Bytes<'a>(&'a [u16]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&wtf8::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(Kind::String.type_tag(), TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        if is_error_of_clixml::<D::Error>() {
            deserializer.deserialize_any(self)
        } else {
            deserializer.deserialize_string(self)
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(text.into())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Text, E> {
        Ok(text.into())
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Text, E> {
        let units = wtf8::decode(bytes).filter(|_| is_error_of_clixml::<E>());
        let units = units.ok_or_else(|| E::invalid_type(de::Unexpected::Bytes(bytes), &self))?;
        Ok(Text::from_utf16(&units))
    }

    // The form behind serde's buffers, see `de::marked`.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        match map.next_key::<String>()? {
            Some(key) if key == Kind::String.type_tag() => map.next_value::<Text>(),
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }
}
