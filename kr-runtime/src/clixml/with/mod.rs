//! The modules for `#[serde(with = …)]`: types of other crates as the elements that PowerShell has for them.
//!
//! It may use `base`, `lexical`, `element` and `value`. It never knows the serializer or the deserializer: all it says
//! to serde is the name of a newtype.

pub mod bytes;
mod field_module;
pub(crate) mod scalar;
mod tagged;
pub(crate) mod text;
pub(crate) mod time;
