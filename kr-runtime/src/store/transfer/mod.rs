//! Moving rows from one store to another, or to a document that a person can read.

mod copy;
mod document;
mod export;
mod import;
mod key_json;

pub use copy::{Progress, SpaceSummary};
#[cfg(feature = "operations")]
pub(crate) use key_json::{from_json as key_from_json, to_json as key_to_json};
