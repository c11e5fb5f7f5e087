//! What is in a document, whatever its form is.

use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The version of the form.
pub(super) const FORMAT: u32 = 1;

/// What is in a document, with values that are not read yet.
pub(super) struct Found<V> {
    pub(super) format: u32,
    /// How many values there should be.
    pub(super) values: usize,
    pub(super) states: BTreeMap<String, FoundState<V>>,
}

pub(super) struct FoundState<V> {
    pub(super) version: u32,
    pub(super) content: FoundContent<V>,
}

pub(super) enum FoundContent<V> {
    Single(V, u64),
    Keyed(Vec<FoundInstance<V>>),
}

pub(super) struct FoundInstance<V> {
    pub(super) key: Vec<u8>,
    /// The key, for messages.
    pub(super) shown: Json,
    pub(super) value: V,
    pub(super) revision: u64,
}

/// A state, or an instance of one, for messages.
pub(super) fn place(state: &str, key: Option<&Json>) -> String {
    match key {
        Some(key) => format!("state `{state}`, key {key}"),
        None => format!("state `{state}`"),
    }
}
