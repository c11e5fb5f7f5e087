//! Moving rows from one store to another, or to a document that a person can read.

mod copy;
mod document;
mod export;
mod import;
mod key_json;

pub use copy::{Progress, SpaceSummary};
