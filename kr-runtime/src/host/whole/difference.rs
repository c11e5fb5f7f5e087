//! The values that differ between two snapshots.

use super::snapshot::{Content, HostSnapshot};
use crate::state::StateType;
use crate::store::{Value, key_to_json};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A value of one of two snapshots, or of both.
pub(crate) struct ComparedValue<'s> {
    pub(crate) state: StateType,
    /// Of an instance.
    pub(crate) key: Option<Json>,
    /// None: there is no instance.
    pub(crate) before: Option<&'s Value>,
    /// None: there is no instance.
    pub(crate) after: Option<&'s Value>,
}

/// The values of the states that are in both.
pub(crate) fn compared<'s>(
    before: &'s HostSnapshot,
    after: &'s HostSnapshot,
) -> Vec<ComparedValue<'s>> {
    let mut values = Vec::new();
    for new in &after.states {
        let state = new.state;
        let old = before.states.iter().find(|it| it.state.name == state.name);
        match (old.map(|it| &it.content), &new.content) {
            (Some(Content::Single(before, _)), Content::Single(after, _)) => {
                values.push(ComparedValue {
                    state,
                    key: None,
                    before: Some(before),
                    after: Some(after),
                });
            }
            (Some(Content::Keyed(before)), Content::Keyed(after)) => {
                let mut keys = BTreeMap::<&[u8], (Option<&Value>, Option<&Value>)>::new();
                for (key, value, _) in before {
                    keys.entry(key).or_default().0 = Some(value);
                }
                for (key, value, _) in after {
                    keys.entry(key).or_default().1 = Some(value);
                }
                values.extend(
                    keys.into_iter()
                        .map(|(key, (before, after))| ComparedValue {
                            state,
                            key: key_to_json(state.lock, key),
                            before,
                            after,
                        }),
                );
            }
            _ => {}
        }
    }
    values
}
