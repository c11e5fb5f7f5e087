//! The deserializer of serde: the tape into any Rust type, and into a value.
//!
//! It may use `parse` and what is below. It never knows how documents are written.
//!
//! A deserializer recurses through serde's traits. The files do not: `map`, `members`, `sequence` and `variant` know
//! an [`element::Element`], and only `deserializer` knows them.

pub(crate) mod deserializer;
pub(crate) mod element;
mod index;
pub(crate) mod map;
pub(crate) mod marked;
pub(crate) mod members;
pub(crate) mod name_key;
pub(crate) mod plain;
pub(crate) mod reading;
pub(crate) mod sequence;
mod signature;
pub(crate) mod tagged;
pub(crate) mod text;
pub(crate) mod value_builder;
pub(crate) mod value_channel;
pub(crate) mod variant;
pub(crate) mod view;
mod widths;
