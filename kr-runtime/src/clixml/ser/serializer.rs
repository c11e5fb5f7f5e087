//! Writing any type that serde can serialize.

use serde::ser::{self, Serialize};

use super::compound::Compound;
use super::leaf_text::LeafText;
use super::slot::{Slot, close_variant};
use super::value_channel;
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::element::type_tag::TypeTag;
use crate::clixml::lexical::number::{write_double, write_single};
use crate::clixml::write::type_list::TypeList;
use crate::clixml::write::writer::Writer;

macro_rules! numbers {
    ($($method:ident $type:ident $kind:ident)*) => {$(
        fn $method(self, value: $type) -> Result<(), Error> {
            self.leaf(|writer, name| writer.display(Kind::$kind, name, value))
        }
    )*};
}

impl<'w, 'n> ser::Serializer for Slot<'w, 'n> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Compound<'w>;
    type SerializeTuple = Compound<'w>;
    type SerializeTupleStruct = Compound<'w>;
    type SerializeTupleVariant = Compound<'w>;
    type SerializeMap = Compound<'w>;
    type SerializeStruct = Compound<'w>;
    type SerializeStructVariant = Compound<'w>;

    numbers! {
        serialize_i8 i8 SByte
        serialize_i16 i16 I16
        serialize_i32 i32 I32
        serialize_i64 i64 I64
        serialize_u8 u8 Byte
        serialize_u16 u16 U16
        serialize_u32 u32 U32
        serialize_u64 u64 U64
        serialize_bool bool Bool
    }

    fn serialize_i128(self, _: i128) -> Result<(), Error> {
        Err(Error::data(
            "CLIXML has no integer as wide as i128; use i64",
        ))
    }

    fn serialize_u128(self, _: u128) -> Result<(), Error> {
        Err(Error::data(
            "CLIXML has no integer as wide as u128; use u64",
        ))
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.leaf(|writer, name| {
            writer.start_leaf(Kind::Single, name);
            write_single(&mut writer.out, value);
            writer.end_leaf(Kind::Single);
        })
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.leaf(|writer, name| {
            writer.start_leaf(Kind::Double, name);
            write_double(&mut writer.out, value);
            writer.end_leaf(Kind::Double);
        })
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        let code = value as u32;
        // A `System.Char` is one UTF-16 unit. A character of two units is written as a string.
        if code <= 0xFFFF {
            self.leaf(|writer, name| writer.display(Kind::Char, name, code))
        } else {
            self.serialize_str(value.encode_utf8(&mut [0; 4]))
        }
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.leaf(|writer, name| writer.text(Kind::String, name, value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.leaf(|writer, name| writer.bytes(name, value))
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.leaf(Writer::nil)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        match TypeTag::of(name) {
            Some(TypeTag::Leaf(kind)) => value.serialize(LeafText { slot: self, kind }),
            Some(TypeTag::Value) => value_channel::write(self.writer, self.name, value),
            None => value.serialize(self),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let inner = self.variant(variant)?;
        let writer = inner.writer;
        value
            .serialize(Slot {
                writer: &mut *writer,
                name: inner.name,
            })
            .map_err(|error| error.in_member(variant))?;
        close_variant(writer);
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Compound<'w>, Error> {
        Ok(Compound::new(self.object(TypeList::Array)?, Kind::List))
    }

    fn serialize_tuple(self, length: usize) -> Result<Compound<'w>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Compound<'w>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Compound<'w>, Error> {
        Ok(self
            .variant(variant)?
            .serialize_seq(Some(length))?
            .in_variant())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Compound<'w>, Error> {
        let writer = self.object(TypeList::Ordered)?;
        Ok(Compound::new(writer, Kind::Dictionary).of_parts())
    }

    fn collect_map<K, V, I>(self, entries: I) -> Result<(), Error>
    where
        K: Serialize,
        V: Serialize,
        I: IntoIterator<Item = (K, V)>,
    {
        use ser::SerializeMap as _;
        // serde does not tell which map it is, but the name of the type does. For an unknown name PowerShell sees an
        // ordered dictionary instead of a hashtable.
        let types = if is_hash_map(std::any::type_name::<I>()) {
            TypeList::Hashtable
        } else {
            TypeList::Ordered
        };
        let mut map = Compound::new(self.object(types)?, Kind::Dictionary);
        for (key, value) in entries {
            map.serialize_entry(&key, &value)?;
        }
        map.end()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Compound<'w>, Error> {
        Ok(Compound::new(self.object(TypeList::Object)?, Kind::Members))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Compound<'w>, Error> {
        Ok(self
            .variant(variant)?
            .serialize_struct(variant, length)?
            .in_variant())
    }

    fn collect_str<T: std::fmt::Display + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.serialize_str(&value.to_string())
    }
}

/// Whether a type's path names a map without an order, in std or elsewhere.
fn is_hash_map(path: &str) -> bool {
    let path = path.split('<').next().unwrap_or_default();
    path.rsplit("::")
        .next()
        .is_some_and(|name| name.ends_with("HashMap") && !name.contains("Linked"))
}
