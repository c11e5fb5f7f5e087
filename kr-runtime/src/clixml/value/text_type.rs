//! Types that are a text with a meaning: an element of their own here, a string elsewhere.

/// Gives a type that has `parse` and `Display` the traits that follow from them.
macro_rules! lexical {
    ($type:ty, $kind:ident) => {
        impl std::str::FromStr for $type {
            type Err = $crate::clixml::base::error::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text).ok_or_else(|| {
                    let expected = $crate::clixml::element::primitive::describe(
                        $crate::clixml::parse::tape::Kind::$kind,
                    );
                    let found = $crate::clixml::lexical::xml::clip(text);
                    $crate::clixml::base::error::Error::data(format!(
                        "expected {expected}, found \"{found}\""
                    ))
                })
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let name = $crate::clixml::element::type_tag::name(
                    $crate::clixml::parse::tape::Kind::$kind,
                );
                serializer.serialize_newtype_struct(name, &self.text())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let kind = $crate::clixml::parse::tape::Kind::$kind;
                let text = $crate::clixml::value::text_type::read(deserializer, kind)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use lexical;

use std::fmt;

use serde::Deserializer;
use serde::de::{self, Visitor};

use crate::clixml::element::{primitive, type_tag};
use crate::clixml::parse::tape::Kind;

/// Reads the text of an element of this kind, or a string of another format.
pub(crate) fn read<'de, D: Deserializer<'de>>(
    deserializer: D,
    kind: Kind,
) -> Result<String, D::Error> {
    struct LexicalVisitor(Kind);

    impl<'de> Visitor<'de> for LexicalVisitor {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(primitive::describe(self.0))
        }

        fn visit_newtype_struct<D: Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<String, D::Error> {
            deserializer.deserialize_str(self)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_string<E: de::Error>(self, text: String) -> Result<String, E> {
            Ok(text)
        }

        // Formats without types of their own give numbers for what we write as text.
        fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_f64<E: de::Error>(self, number: f64) -> Result<String, E> {
            Ok(number.to_string())
        }
    }

    deserializer.deserialize_newtype_struct(type_tag::name(kind), LexicalVisitor(kind))
}
