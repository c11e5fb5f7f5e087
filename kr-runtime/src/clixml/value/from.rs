//! A [`Value`] of each type that has an element.

use super::date_time::DateTime;
use super::decimal::Decimal;
use super::dynamic::{Object, ObjectId, Value};
use super::guid::Guid;
use super::secure_string::SecureString;
use super::streamed::Streamed;
use super::text::Text;
use super::timestamp::Timestamp;
use super::version::Version;

macro_rules! from {
    ($($type:ty => $variant:ident)*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Value::$variant(value.into())
            }
        }
    )*};
}

from! {
    &str => String
    String => String
    Text => String
    bool => Bool
    u8 => Byte
    i8 => SByte
    u16 => U16
    i16 => I16
    u32 => U32
    i32 => I32
    u64 => U64
    i64 => I64
    f32 => Single
    f64 => Double
    Decimal => Decimal
    DateTime => DateTime
    Timestamp => DateTime
    jiff::SignedDuration => Duration
    Guid => Guid
    Version => Version
    SecureString => SecureString
    Object => Object
    ObjectId => Ref
}

impl From<Streamed> for Value {
    fn from(value: Streamed) -> Self {
        Value::Streamed(value.into())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Nil, Into::into)
    }
}
