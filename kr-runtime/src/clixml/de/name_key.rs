//! The name of a member as the key of a map: text, or a number or bool that the text spells.

use std::borrow::Cow;

use serde::de::{IntoDeserializer, Visitor};

use super::marked::{AnyText, is_buffer};
use super::text::TextDeserializer;
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::element::type_tag::TypeTag;
use crate::clixml::lexical::decode::Decoded;
use crate::clixml::lexical::ignore_case::variant_name;

pub(super) struct NameKey<'de> {
    pub(super) name: Decoded<'de>,
    /// The spelling of a field behind a buffer, see `reading`.
    pub(super) field: Option<&'static str>,
}

impl<'de> NameKey<'de> {
    fn text(self) -> Result<Cow<'de, str>, Error> {
        match self.name {
            Decoded::Str(name) => Ok(name),
            Decoded::Utf16(units) => Err(Error::data(format!(
                "the name `{}` has half of a surrogate pair, which a Rust string cannot hold; read it as a `Text`",
                String::from_utf16_lossy(&units)
            ))),
        }
    }
}

macro_rules! spelled {
    ($($method:ident $type:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let name = self.text()?;
            match name.parse::<$type>() {
                Ok(key) => visitor.$visit(key),
                Err(_) => Err(Error::data(format!("expected {} as a key, found the name `{name}`", stringify!($type)))),
            }
        }
    )*};
}

impl<'de> serde::Deserializer<'de> for NameKey<'de> {
    type Error = Error;

    /// Buffers and the names of fields take a name with half of a pair as bytes; no field has such a name.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.field {
            Some(field) if is_buffer::<V>() => visitor.visit_borrowed_str(field),
            _ => AnyText(self.name).deserialize_any(visitor),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.field {
            Some(field) => visitor.visit_borrowed_str(field),
            None => AnyText(self.name).deserialize_any(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        TextDeserializer(self.text()?).deserialize_any(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    spelled! {
        deserialize_bool bool visit_bool
        deserialize_i8 i8 visit_i8
        deserialize_i16 i16 visit_i16
        deserialize_i32 i32 visit_i32
        deserialize_i64 i64 visit_i64
        deserialize_u8 u8 visit_u8
        deserialize_u16 u16 visit_u16
        deserialize_u32 u32 visit_u32
        deserialize_u64 u64 visit_u64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match TypeTag::of(name) {
            // The type `Text` holds any name. Other types read it as a string does.
            None | Some(TypeTag::Leaf(Kind::String)) => visitor.visit_newtype_struct(self),
            Some(_) => visitor.visit_newtype_struct(TextDeserializer(self.text()?)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(variant_name(&self.text()?, variants).into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        ignored_any
    }
}
