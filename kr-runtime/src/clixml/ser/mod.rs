//! The serializer of serde: any Rust type into a document.
//!
//! It may use `write` and what is below, except `parse`. It never knows how documents are read.
//!
//! A serializer recurses through serde's traits. The files do not: `compound` and `leaf_text` know a [`slot::Slot`],
//! and only `serializer` knows them.

pub(crate) mod compound;
pub(crate) mod leaf_text;
pub(crate) mod parked;
pub(crate) mod serializer;
pub(crate) mod slot;
pub(crate) mod value_channel;
