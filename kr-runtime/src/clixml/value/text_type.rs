//! Types that are text in a fixed form. In CLIXML each has its own element; other formats see a string.

use std::fmt;

use serde::Deserializer;
use serde::de::{self, DeserializeSeed, MapAccess, Visitor};

use crate::clixml::base::error::{Error, is_error_of_clixml};
use crate::clixml::base::truncate::truncate;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::wtf8;

/// Implements `FromStr`, `Serialize` and `Deserialize` for a type with the methods `parse` and `text`.
macro_rules! text_type {
    ($type:ty, $kind:ident) => {
        impl std::str::FromStr for $type {
            type Err = $crate::clixml::base::error::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let kind = $crate::clixml::element::kind::Kind::$kind;
                Self::parse(text)
                    .ok_or_else(|| $crate::clixml::value::text_type::invalid(kind, text))
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let kind = $crate::clixml::element::kind::Kind::$kind;
                serializer.serialize_newtype_struct(kind.type_tag(), &self.text())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let kind = $crate::clixml::element::kind::Kind::$kind;
                let text = $crate::clixml::value::text_type::read(deserializer, kind)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(super) use text_type;

/// Implements `Display` and `Debug` alike for a type with the method `text`.
macro_rules! text_display {
    ($type:ty) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let text = self.text();
                let text: &str = text.as_ref();
                f.pad(text)
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }
    };
}

pub(super) use text_display;

pub(crate) fn invalid(kind: Kind, text: &str) -> Error {
    let (expected, found) = (kind.content(), truncate(text));
    if kind.is_secret() {
        return Error::data(format!("expected {expected}, found something else"));
    }
    Error::data(format!("expected {expected}, found \"{found}\""))
}

/// Reads the text of an element of this kind, or a string of another format.
pub(crate) fn read<'de, D: Deserializer<'de>>(
    deserializer: D,
    kind: Kind,
) -> Result<String, D::Error> {
    struct TextVisitor(Kind);

    impl TextVisitor {
        /// A number for a text. In CLIXML that is another element, which only a decimal number may be.
        fn number<E: de::Error>(
            self,
            number: impl ToString,
            found: de::Unexpected<'_>,
        ) -> Result<String, E> {
            if is_error_of_clixml::<E>() && self.0 != Kind::Decimal {
                return Err(E::invalid_type(found, &self));
            }
            Ok(number.to_string())
        }
    }

    impl<'de> Visitor<'de> for TextVisitor {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0.content())
        }

        fn visit_newtype_struct<D: Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<String, D::Error> {
            // Behind serde's buffers the text may be in another form.
            if is_error_of_clixml::<D::Error>() {
                deserializer.deserialize_any(self)
            } else {
                deserializer.deserialize_str(self)
            }
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_string<E: de::Error>(self, text: String) -> Result<String, E> {
            Ok(text)
        }

        // Some formats give a number for what CLIXML writes as text.
        fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
            self.number(number, de::Unexpected::Signed(number))
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
            self.number(number, de::Unexpected::Unsigned(number))
        }

        fn visit_f32<E: de::Error>(self, number: f32) -> Result<String, E> {
            self.number(number, de::Unexpected::Float(number.into()))
        }

        fn visit_f64<E: de::Error>(self, number: f64) -> Result<String, E> {
            self.number(number, de::Unexpected::Float(number))
        }

        // Only CLIXML and its buffers give a character: a `<C>`, whose text is a number.
        fn visit_char<E: de::Error>(self, character: char) -> Result<String, E> {
            match self.0 {
                Kind::Char => Ok((character as u32).to_string()),
                _ => Ok(character.to_string()),
            }
        }

        // The form behind serde's buffers, see `de::marked`.
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
            match map.next_key::<String>()? {
                Some(key) if key == self.0.type_tag() => map.next_value_seed(MarkedText(self.0)),
                _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
            }
        }
    }

    deserializer.deserialize_newtype_struct(kind.type_tag(), TextVisitor(kind))
}

/// Reads the text of an element in the form of `de::marked`.
struct MarkedText(Kind);

impl<'de> DeserializeSeed<'de> for MarkedText {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MarkedText {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.content())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<String, E> {
        let secret = wtf8::reveal(bytes).filter(|_| self.0.is_secret());
        secret
            .map(str::to_owned)
            .ok_or_else(|| E::invalid_type(de::Unexpected::Bytes(bytes), &self))
    }
}
