//! A value as JSON, the same bytes as `serde_json`'s. That is asked for numbers and the keys of maps; the rest is here, since
//! its way with texts costs more than all else in an answer.

use super::compound::{Compound, Kind};
use super::escape;
use serde::Serialize;
use serde::ser::Serializer;
use serde_json::Error;

type Result<T> = std::result::Result<T, Error>;

/// A value as JSON.
pub(super) fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    // As much as serde_json starts with.
    let mut out = Vec::with_capacity(128);
    value.serialize(Writer(&mut out))?;
    Ok(out)
}

/// Appends a value.
pub(super) struct Writer<'o>(pub(super) &'o mut Vec<u8>);

impl<'o> Writer<'o> {
    fn number<T: Serialize>(self, number: T) -> Result<()> {
        serde_json::to_writer(self.0, &number)
    }

    /// A variant with something in it: an object of one member.
    fn variant(&mut self, variant: &str) {
        self.0.push(b'{');
        escape::push(self.0, variant);
        self.0.push(b':');
    }

    fn list(self, end: &'static [u8]) -> Compound<'o> {
        self.0.push(b'[');
        Compound::new(self.0, Kind::List, end)
    }

    fn object(self, end: &'static [u8]) -> Compound<'o> {
        self.0.push(b'{');
        Compound::new(self.0, Kind::Object, end)
    }
}

macro_rules! numbers {
    ($($method:ident($type:ty))*) => {
        $(fn $method(self, number: $type) -> Result<()> {
            self.number(number)
        })*
    };
}

impl<'o> Serializer for Writer<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Compound<'o>;
    type SerializeTuple = Compound<'o>;
    type SerializeTupleStruct = Compound<'o>;
    type SerializeTupleVariant = Compound<'o>;
    type SerializeMap = Compound<'o>;
    type SerializeStruct = Compound<'o>;
    type SerializeStructVariant = Compound<'o>;

    numbers! {
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64) serialize_i128(i128)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64) serialize_u128(u128)
        serialize_f32(f32) serialize_f64(f64)
    }

    fn serialize_bool(self, value: bool) -> Result<()> {
        self.0
            .extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<()> {
        escape::push(self.0, value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<()> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        self.variant(variant);
        value.serialize(Writer(self.0))?;
        self.0.push(b'}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Compound<'o>> {
        Ok(self.list(b"]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Compound<'o>> {
        Ok(self.list(b"]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Compound<'o>> {
        Ok(self.list(b"]"))
    }

    fn serialize_tuple_variant(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'o>> {
        self.variant(variant);
        Ok(self.list(b"]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Compound<'o>> {
        Ok(self.object(b"}"))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Compound<'o>> {
        // How serde_json's own types say that their text is JSON already.
        if name.starts_with("$serde_json::private::") {
            return Ok(Compound::new(self.0, Kind::Raw, b""));
        }
        Ok(self.object(b"}"))
    }

    fn serialize_struct_variant(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'o>> {
        self.variant(variant);
        Ok(self.object(b"}}"))
    }
}
