//! A [`Value`] from what another format has, as `ConvertFrom-Json` would make it.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::clixml::base::error::is_error_of_clixml;
use crate::clixml::de::plain::Plain;
use crate::clixml::de::{reading, value_channel};
use crate::clixml::element::type_tag::VALUE;
use crate::clixml::value::dynamic::{Object, Value};

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let flattened = std::any::type_name::<D>().contains("FlatMapDeserializer");
        let visitor = ValueVisitor {
            outer: true,
            flattened,
        };
        deserializer.deserialize_newtype_struct(VALUE, visitor)
    }
}

/// Takes the value from the channel, or builds one from another format, as `ConvertFrom-Json` would.
struct ValueVisitor {
    outer: bool,
    /// Whether it is the rest of an object, by `#[serde(flatten)]`.
    flattened: bool,
}

macro_rules! visit {
    ($($method:ident $type:ty)*) => {$(
        fn $method<E: de::Error>(self, value: $type) -> Result<Value, E> {
            Ok(value.into())
        }
    )*};
}

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        match value_channel::take() {
            Some(value) if self.outer => Ok(value),
            // One of serde's buffers is between the document and this value.
            _ if is_error_of_clixml::<D::Error>() => {
                let plain = Plain::deserialize(deserializer)?;
                reading::value(plain, self.flattened).map_err(de::Error::custom)
            }
            _ => deserializer.deserialize_any(ValueVisitor {
                outer: false,
                flattened: false,
            }),
        }
    }

    visit! {
        visit_bool bool
        visit_i8 i8
        visit_i16 i16
        visit_i32 i32
        visit_u8 u8
        visit_u16 u16
        visit_u32 u32
        visit_f32 f32
        visit_f64 f64
        visit_str &str
        visit_string String
    }

    // PowerShell uses `Int32` if the number fits, else `Int64`.
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(i32::try_from(number).map_or(Value::I64(number), Value::I32))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map_or(Ok(Value::U64(number)), |number| self.visit_i64(number))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(bytes.to_owned()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Nil)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Nil)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Object::list(items).into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members: Vec<(String, Value)> = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Object::custom(members).into())
    }
}
