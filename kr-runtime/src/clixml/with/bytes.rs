//! Bytes as `<BA>`, .NET's `Byte[]`: `Vec<u8>`, `Box<[u8]>`, arrays, and options of them.
//!
//! Without this, serde gives a `Vec<u8>` as a list of numbers.
//!
//! ```
//! use kr_runtime::clixml;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Picture {
//!     #[serde(with = "clixml::bytes")]
//!     data: Vec<u8>,
//! }
//!
//! assert!(clixml::to_string(&Picture { data: vec![0, 1, 2] })?.contains("<BA N=\"data\">AAEC</BA>"));
//! # Ok::<(), clixml::Error>(())
//! ```

use std::fmt;

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// For `#[serde(with = "clixml::bytes")]`; see the module.
///
/// # Errors
///
/// If the format fails.
pub fn serialize<T: Field, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.write(serializer)
}

/// For `#[serde(with = "clixml::bytes")]`; see the module.
///
/// # Errors
///
/// If the input is not bytes, or the number of bytes does not fit the type.
pub fn deserialize<'de, T: Field, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}

/// The types that this module writes and reads, and options of them.
pub trait Field: Sized + sealed::Sealed {
    #[doc(hidden)]
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
    #[doc(hidden)]
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

mod sealed {
    pub trait Sealed {}
}

trait Plain: AsRef<[u8]> + TryFrom<Vec<u8>> {}

impl Plain for Vec<u8> {}
impl Plain for Box<[u8]> {}
impl<const N: usize> Plain for [u8; N] {}

impl<T: Plain> sealed::Sealed for T {}
impl<T: Plain> sealed::Sealed for Option<T> {}

impl<T: Plain> Field for T {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.as_ref())
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fit(deserializer.deserialize_byte_buf(BytesVisitor)?)
    }
}

impl<T: Plain> Field for Option<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Bytes<'a>(&'a [u8]);
        impl Serialize for Bytes<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bytes(self.0)
            }
        }
        match self {
            Some(value) => serializer.serialize_some(&Bytes(value.as_ref())),
            None => serializer.serialize_none(),
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Perhaps;
        impl<'de> Visitor<'de> for Perhaps {
            type Value = Option<Vec<u8>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes or null")
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_some<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Self::Value, D::Error> {
                deserializer.deserialize_byte_buf(BytesVisitor).map(Some)
            }
        }
        deserializer
            .deserialize_option(Perhaps)?
            .map(fit)
            .transpose()
    }
}

fn fit<T: Plain, E: de::Error>(bytes: Vec<u8>) -> Result<T, E> {
    let length = bytes.len();
    T::try_from(bytes)
        .map_err(|_| E::custom(format!("expected another number of bytes, found {length}")))
}

struct BytesVisitor;

impl<'de> Visitor<'de> for BytesVisitor {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_owned())
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<u8>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = sequence.next_element()? {
            bytes.push(byte);
        }
        Ok(bytes)
    }
}
