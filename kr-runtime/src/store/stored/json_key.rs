//! Keys of maps: JSON has texts only, and `serde_json` writes numbers as such.

use super::not_storable::{NotStorable, check_float};
use serde::Serialize;
use serde::ser::{Error as _, Impossible, Serializer};

/// Makes the text of a key, for the path to a value.
pub(super) struct JsonKey;

macro_rules! names {
    ($($method:ident($ty:ty))*) => {
        $(
            fn $method(self, name: $ty) -> Result<String, NotStorable> {
                Ok(name.to_string())
            }
        )*
    };
}

macro_rules! no_names {
    ($($method:ident($($ty:ty),*) -> $ok:ty;)*) => {
        $(
            fn $method(self $(, _: $ty)*) -> Result<$ok, NotStorable> {
                Err(no_name())
            }
        )*
    };
}

fn no_name() -> NotStorable {
    NotStorable::custom(
        "a key of a map is neither a text nor a number, which JSON has no form for; write the map as a list of pairs",
    )
}

impl Serializer for JsonKey {
    type Ok = String;
    type Error = NotStorable;
    type SerializeSeq = Impossible<String, NotStorable>;
    type SerializeTuple = Impossible<String, NotStorable>;
    type SerializeTupleStruct = Impossible<String, NotStorable>;
    type SerializeTupleVariant = Impossible<String, NotStorable>;
    type SerializeMap = Impossible<String, NotStorable>;
    type SerializeStruct = Impossible<String, NotStorable>;
    type SerializeStructVariant = Impossible<String, NotStorable>;

    names! {
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_i128(i128) serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_u128(u128) serialize_char(char) serialize_str(&str)
    }
    no_names! {
        serialize_bytes(&[u8]) -> String;
        serialize_none() -> String;
        serialize_unit() -> String;
        serialize_unit_struct(&'static str) -> String;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    fn serialize_f32(self, number: f32) -> Result<String, NotStorable> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<String, NotStorable> {
        check_float(number.is_finite())?;
        Ok(number.to_string())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<String, NotStorable> {
        Ok(variant.to_owned())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<String, NotStorable> {
        Err(no_name())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<String, NotStorable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<String, NotStorable> {
        Err(no_name())
    }
}
