//! Values that wait in one of serde's buffers.
//!
//! serde writes the content of some enum variants into a buffer first, and a buffer cannot hold a `Value`. So the value
//! is parked here, and the buffer gets its number. The serializer takes the value again when the buffer is written.

use std::cell::RefCell;

use serde::ser;

use crate::clixml::base::error::Error;
use crate::clixml::value::dynamic::Value;

thread_local! {
    static PARKED: RefCell<Vec<Option<Value>>> = const { RefCell::new(Vec::new()) };
}

/// Keeps a value until the end of the document.
pub(crate) fn park(value: &Value) -> u64 {
    PARKED.with_borrow_mut(|parked| {
        parked.push(Some(value.clone()));
        parked.len() as u64 - 1
    })
}

pub(super) fn take(number: u64) -> Option<Value> {
    PARKED.with_borrow_mut(|parked| parked.get_mut(usize::try_from(number).ok()?)?.take())
}

/// One document. At its end, what nobody has taken is dropped.
pub(crate) struct Parking(usize);

impl Parking {
    pub(crate) fn new() -> Self {
        Parking(PARKED.with_borrow(Vec::len))
    }
}

impl Drop for Parking {
    fn drop(&mut self) {
        PARKED.with_borrow_mut(|parked| parked.truncate(self.0));
    }
}

/// Reads the number of a parked value.
pub(super) struct Number;

macro_rules! refuse {
    ($($method:ident($($argument:ty),*) -> $result:ty;)*) => {$(
        fn $method(self, $(_: $argument),*) -> Result<$result, Error> {
            Err(Error::data("expected the number of a value"))
        }
    )*};
}

type Impossible = ser::Impossible<u64, Error>;

impl ser::Serializer for Number {
    type Ok = u64;
    type Error = Error;
    type SerializeSeq = Impossible;
    type SerializeTuple = Impossible;
    type SerializeTupleStruct = Impossible;
    type SerializeTupleVariant = Impossible;
    type SerializeMap = Impossible;
    type SerializeStruct = Impossible;
    type SerializeStructVariant = Impossible;

    fn serialize_u64(self, number: u64) -> Result<u64, Error> {
        Ok(number)
    }

    fn serialize_some<T: ser::Serialize + ?Sized>(self, _: &T) -> Result<u64, Error> {
        self.serialize_none()
    }

    fn serialize_newtype_struct<T: ser::Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<u64, Error> {
        self.serialize_none()
    }

    fn serialize_newtype_variant<T: ser::Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<u64, Error> {
        self.serialize_none()
    }

    refuse! {
        serialize_bool(bool) -> u64;
        serialize_i8(i8) -> u64;
        serialize_i16(i16) -> u64;
        serialize_i32(i32) -> u64;
        serialize_i64(i64) -> u64;
        serialize_u8(u8) -> u64;
        serialize_u16(u16) -> u64;
        serialize_u32(u32) -> u64;
        serialize_f32(f32) -> u64;
        serialize_f64(f64) -> u64;
        serialize_char(char) -> u64;
        serialize_str(&str) -> u64;
        serialize_bytes(&[u8]) -> u64;
        serialize_none() -> u64;
        serialize_unit() -> u64;
        serialize_unit_struct(&'static str) -> u64;
        serialize_unit_variant(&'static str, u32, &'static str) -> u64;
        serialize_seq(Option<usize>) -> Impossible;
        serialize_tuple(usize) -> Impossible;
        serialize_tuple_struct(&'static str, usize) -> Impossible;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Impossible;
        serialize_map(Option<usize>) -> Impossible;
        serialize_struct(&'static str, usize) -> Impossible;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Impossible;
    }
}
