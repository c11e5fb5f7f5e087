//! From the text of a document to a checked list of its elements, the tape.
//!
//! It may use `base`, `lexical` and `element`. Every rule of PowerShell and every limit is checked here, in one pass
//! without recursion. It never knows which Rust type will read the tape.

pub(crate) mod builder;
pub(crate) mod error_path;
pub(crate) mod events;
pub(crate) mod fast_path;
pub(crate) mod grammar;
pub(crate) mod ids;
pub(crate) mod namespaces;
pub(crate) mod start_tag;
pub(crate) mod tape;
