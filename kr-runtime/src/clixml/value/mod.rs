//! The dynamic value: a document of any shape as Rust data, and the .NET types that Rust lacks.
//!
//! It may use `base`, `lexical` and `element`. It never knows the text of a document: `de` builds a value, `write`
//! writes one.

mod access;
mod conversions;
pub(crate) mod date_time;
pub(crate) mod decimal;
pub(crate) mod dynamic;
mod from;
pub(crate) mod guid;
mod object;
pub(crate) mod progress;
pub(crate) mod secure_string;
pub(crate) mod streamed;
pub(crate) mod text;
mod text_serde;
pub(crate) mod text_type;
pub(crate) mod timestamp;
pub(crate) mod type_names;
pub(crate) mod version;
