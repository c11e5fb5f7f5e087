//! The text of a type with an element of its own, on its way into that element.

use serde::ser::{self, Serialize};

use super::slot::Slot;
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::encode::{encode, encode_utf16_units};
use crate::clixml::lexical::wtf8;

/// Takes the text of a type with an element of its own.
pub(crate) struct LeafText<'w, 'n> {
    pub(crate) slot: Slot<'w, 'n>,
    pub(crate) kind: Kind,
}

macro_rules! refuse {
    ($($method:ident($($argument:ty),*) -> $result:ty;)*) => {$(
        fn $method(self, $(_: $argument),*) -> Result<$result, Error> {
            Err(Error::data(format!("expected the text of `<{}>`, found another type", self.kind.tag())))
        }
    )*};
}

impl ser::Serializer for LeafText<'_, '_> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = ser::Impossible<(), Error>;
    type SerializeTuple = ser::Impossible<(), Error>;
    type SerializeTupleStruct = ser::Impossible<(), Error>;
    type SerializeTupleVariant = ser::Impossible<(), Error>;
    type SerializeMap = ser::Impossible<(), Error>;
    type SerializeStruct = ser::Impossible<(), Error>;
    type SerializeStructVariant = ser::Impossible<(), Error>;

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        let kind = self.kind;
        self.slot.leaf(|writer, name| {
            writer.start_leaf(kind, name);
            if kind.is_escaped() {
                encode(&mut writer.out, text, false);
            } else {
                writer.out.push_str(text);
            }
            writer.end_leaf(kind);
        })
    }

    /// Text with unpaired surrogates, see [`wtf8`].
    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Error> {
        let kind = self.kind;
        let units = wtf8::decode(bytes).filter(|_| kind.is_escaped());
        let units = units.ok_or_else(|| {
            Error::data(format!(
                "expected the text of `<{}>`, found bytes",
                kind.tag()
            ))
        })?;
        self.slot.leaf(|writer, name| {
            writer.leaf_with(kind, name, |out| encode_utf16_units(out, &units, false));
        })
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        self.serialize_unit()
    }

    refuse! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_seq(Option<usize>) -> ser::Impossible<(), Error>;
        serialize_tuple(usize) -> ser::Impossible<(), Error>;
        serialize_tuple_struct(&'static str, usize) -> ser::Impossible<(), Error>;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> ser::Impossible<(), Error>;
        serialize_map(Option<usize>) -> ser::Impossible<(), Error>;
        serialize_struct(&'static str, usize) -> ser::Impossible<(), Error>;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> ser::Impossible<(), Error>;
    }
}
