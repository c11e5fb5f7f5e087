//! What users call: a document of one value, of several, or of unknown shape, and a document for people to read.
//!
//! It may use every other room.

mod json;
pub(crate) mod objects;
mod single;
pub(crate) mod tree;
pub(crate) mod whole;
