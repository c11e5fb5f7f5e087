//! The table of elements: one row says everything that differs between them.
//!
//! It may use `base` and `lexical`. It never knows where an element may stand: that is the grammar's, in `parse`.

pub(crate) mod kind;
pub(crate) mod type_tag;
