//! The macro for the modules of `#[serde(with = …)]`, and the conversions that they share.

use std::fmt;

use crate::clixml::element::kind::Kind;
use crate::clixml::value::text_type::invalid;

/// Makes one module: `type => to text, from text`.
macro_rules! field_module {
    ($(#[$doc:meta])* $module:ident $kind:ident { $($(#[$cfg:meta])* $type:ty => $write:expr, $read:expr;)* }) => {
        $(#[$doc])*
        pub mod $module {
            use serde::{Deserializer, Serialize as _, Serializer};

            #[allow(unused_imports, reason = "some modules need only `String`")]
            use super::*;
            use $crate::clixml::element::kind::Kind;
            use $crate::clixml::value::text_type;
            use $crate::clixml::with::tagged::{OptionalText, Tagged};

            const KIND: Kind = Kind::$kind;

            #[doc = concat!("For `#[serde(with = \"clixml::", stringify!($module), "\")]`; see the module.")]
            ///
            /// # Errors
            ///
            /// If the value has no counterpart in .NET, or if the format fails.
            pub fn serialize<T: Field, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
                value.write(serializer)
            }

            #[doc = concat!("For `#[serde(with = \"clixml::", stringify!($module), "\")]`; see the module.")]
            ///
            /// # Errors
            ///
            /// If the input is another element, or a value that the type cannot hold.
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

            trait Plain: Sized {
                fn to_text(&self) -> Result<String, String>;
                fn from_text(text: &str) -> Result<Self, String>;
            }

            impl<T: Plain> sealed::Sealed for T {}
            impl<T: Plain> sealed::Sealed for Option<T> {}

            impl<T: Plain> Field for T {
                fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    Tagged(KIND, self.to_text().map_err(serde::ser::Error::custom)?).serialize(serializer)
                }

                fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    T::from_text(&text_type::read(deserializer, KIND)?).map_err(serde::de::Error::custom)
                }
            }

            impl<T: Plain> Field for Option<T> {
                fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    match self {
                        Some(value) => {
                            let text = value.to_text().map_err(serde::ser::Error::custom)?;
                            serializer.serialize_some(&Tagged(KIND, text))
                        }
                        None => serializer.serialize_none(),
                    }
                }

                fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = deserializer.deserialize_option(OptionalText(KIND))?;
                    text.map(|text| T::from_text(&text)).transpose().map_err(serde::de::Error::custom)
                }
            }

            $($(#[$cfg])* impl Plain for $type {
                fn to_text(&self) -> Result<String, String> {
                    let write: fn(&$type) -> Result<String, String> = $write;
                    write(self)
                }

                fn from_text(text: &str) -> Result<Self, String> {
                    let read: fn(&str) -> Result<$type, String> = $read;
                    read(text)
                }
            })*
        }
    };
}

pub(super) use field_module;

pub(super) fn displayed(value: &impl ToString) -> Result<String, String> {
    Ok(value.to_string())
}

pub(super) fn parsed<T: std::str::FromStr<Err: fmt::Display>>(text: &str) -> Result<T, String> {
    text.trim()
        .parse()
        .map_err(|error: T::Err| error.to_string())
}

/// Parses text and returns it in the form in which .NET writes it.
pub(super) fn canonical<T: std::str::FromStr<Err: fmt::Display> + ToString>(
    text: &str,
) -> Result<String, String> {
    parsed::<T>(text).map(|value| value.to_string())
}

pub(super) fn checked(kind: Kind, text: &str) -> Result<String, String> {
    match kind.check(text) {
        Ok(()) => Ok(text.to_owned()),
        Err(_) => Err(invalid(kind, text).to_string()),
    }
}
