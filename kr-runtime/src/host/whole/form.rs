//! What documents of both forms have in common.

use serde_json::Value as Json;

/// The version of the form.
pub(super) const FORMAT: u32 = 1;

/// A state, or an instance of one, for messages.
pub(super) fn place(state: &str, key: Option<&Json>) -> String {
    match key {
        Some(key) => format!("state `{state}`, key {key}"),
        None => format!("state `{state}`"),
    }
}
