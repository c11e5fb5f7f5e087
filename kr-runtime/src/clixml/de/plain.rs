//! What one of serde's buffers holds of a value: plain data, without the kinds of CLIXML.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::signature;
use crate::clixml::base::error::Error;
use crate::clixml::value::dynamic::{Object, Value};

pub(crate) enum Plain {
    /// A value without parts, and its signature.
    Scalar(Value, u64),
    /// A text, and its address if it is a part of the document.
    Text(String, Option<usize>),
    /// A name with an unpaired surrogate.
    Bytes(Vec<u8>),
    List(Vec<Plain>),
    Map(Vec<(Plain, Plain)>),
}

impl Plain {
    pub(crate) fn signature(&self) -> u64 {
        match self {
            Plain::Scalar(_, signature) => *signature,
            Plain::Text(text, _) => signature::text(text),
            Plain::Bytes(bytes) => signature::of("bytes", bytes),
            Plain::List(items) => signature::list(items.iter().map(Plain::signature)),
            Plain::Map(entries) => signature::map(entries.iter().map(|(key, value)| {
                let key = match key {
                    Plain::Text(name, _) => signature::name(name),
                    key => key.signature(),
                };
                (key, value.signature())
            })),
        }
    }

    /// The value by itself, without a document.
    pub(crate) fn into_value(self) -> Result<Value, Error> {
        Ok(match self {
            Plain::Scalar(value, _) => value,
            Plain::Text(text, _) => text.into(),
            Plain::Bytes(bytes) => Value::Bytes(bytes),
            Plain::List(items) => {
                let items: Result<Vec<_>, _> = items.into_iter().map(Plain::into_value).collect();
                Object::list(items?).into()
            }
            Plain::Map(entries) => {
                let entries = entries.into_iter().map(|(key, value)| match key {
                    Plain::Text(name, _) => Ok((name, value.into_value()?)),
                    _ => Err(Error::data("expected a name as a key, found another value")),
                });
                Object::custom(entries.collect::<Result<Vec<_>, _>>()?).into()
            }
        })
    }

    /// The address of some text of the value in the document.
    pub(crate) fn address(&self, is_in_document: &impl Fn(usize) -> bool) -> Option<usize> {
        match self {
            Plain::Scalar(..) | Plain::Bytes(_) => None,
            Plain::Text(_, address) => address.filter(|address| is_in_document(*address)),
            Plain::List(items) => items.iter().find_map(|item| item.address(is_in_document)),
            Plain::Map(entries) => entries.iter().find_map(|(key, value)| {
                key.address(is_in_document)
                    .or_else(|| value.address(is_in_document))
            }),
        }
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlainVisitor)
    }
}

struct PlainVisitor;

macro_rules! scalars {
    ($($method:ident $type:ty, $name:literal $number:ident => $hashed:expr;)*) => {$(
        fn $method<E: de::Error>(self, $number: $type) -> Result<Plain, E> {
            Ok(Plain::Scalar($number.into(), signature::of($name, &$hashed)))
        }
    )*};
}

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    scalars! {
        visit_bool bool, "bool" value => value;
        visit_i8 i8, "i8" number => number;
        visit_i16 i16, "i16" number => number;
        visit_i32 i32, "i32" number => number;
        visit_i64 i64, "i64" number => number;
        visit_u8 u8, "u8" number => number;
        visit_u16 u16, "u16" number => number;
        visit_u32 u32, "u32" number => number;
        visit_u64 u64, "u64" number => number;
        visit_f32 f32, "f32" number => number.to_bits();
        visit_f64 f64, "f64" number => number.to_bits();
    }

    fn visit_char<E: de::Error>(self, character: char) -> Result<Plain, E> {
        let mut units = [0; 2];
        let value = match character.encode_utf16(&mut units) {
            [unit] => Value::Char(*unit),
            _ => character.to_string().into(),
        };
        Ok(Plain::Scalar(value, signature::of("char", &character)))
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Plain, E> {
        Ok(Plain::Text(text.to_owned(), Some(text.as_ptr().addr())))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Plain, E> {
        Ok(Plain::Text(text.to_owned(), None))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Plain, E> {
        Ok(Plain::Text(text, None))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Plain, E> {
        Ok(Plain::Bytes(bytes.to_owned()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Plain, E> {
        Ok(Plain::Scalar(Value::Nil, signature::of("nil", &())))
    }

    fn visit_none<E: de::Error>(self) -> Result<Plain, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Plain, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Plain, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Plain, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Plain::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Plain, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Plain::Map(entries))
    }
}
