//! The text of a document as it grows: lines, indentation, ids; and how a value goes into it.
//!
//! It may use all rooms below except `parse`. It never knows serde.

mod limits;
pub(crate) mod name;
pub(crate) mod type_list;
pub(crate) mod value_writer;
pub(crate) mod writer;
