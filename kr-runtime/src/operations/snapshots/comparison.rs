//! What differs between two snapshots, as it is shown.

use crate::host::HostSnapshot;
use crate::host::whole::compared;
use crate::operations::diff::{Changes, changes};
use crate::state::StateType;
use crate::store::Value;
use serde::Serialize;
use serde_json::Value as Json;

/// How many values are shown, and how many differences of each.
const MOST_VALUES: usize = 200;
const MOST_CHANGES: usize = 50;

/// What differs between two snapshots.
#[derive(Default, Serialize)]
pub(crate) struct Comparison {
    /// Values that differ.
    pub(crate) changed: usize,
    /// Instances that are in the second snapshot only.
    pub(crate) added: usize,
    /// Instances that are in the first snapshot only.
    pub(crate) removed: usize,
    /// Values that are the same.
    pub(crate) same: usize,
    /// The first of those that are not.
    pub(crate) items: Vec<Difference>,
    /// How many more there are.
    pub(crate) left_out: usize,
}

/// What differs in one value.
#[derive(Serialize)]
pub(crate) struct Difference {
    pub(crate) state: &'static str,
    pub(crate) key: Option<Json>,
    pub(crate) what: &'static str,
    pub(crate) changes: Changes,
    /// What is secret differs as well, or alone.
    pub(crate) secrets_differ: bool,
}

impl Comparison {
    pub(crate) fn of(before: &HostSnapshot, after: &HostSnapshot) -> Self {
        let mut comparison = Self::default();
        for value in compared(before, after) {
            comparison.add(value.state, value.key, value.before, value.after);
        }
        comparison
    }

    fn add(
        &mut self,
        state: StateType,
        key: Option<Json>,
        before: Option<&Value>,
        after: Option<&Value>,
    ) {
        let json = |value: Option<&Value>| value.and_then(|value| state.json(value)?.ok());
        let (full_before, full_after) = (json(before), json(after));
        let what = match (before, after) {
            (None, None) => return,
            (Some(_), Some(_)) if full_before == full_after => {
                self.same += 1;
                return;
            }
            (Some(_), Some(_)) => {
                self.changed += 1;
                "changed"
            }
            (None, Some(_)) => {
                self.added += 1;
                "added"
            }
            (Some(_), None) => {
                self.removed += 1;
                "removed"
            }
        };
        if self.items.len() == MOST_VALUES {
            self.left_out += 1;
            return;
        }
        let masked = |value: Option<&Value>| value.and_then(|value| state.masked_json(value)?.ok());
        let (before, after) = (masked(before), masked(after));
        let changes = changes(before.as_ref(), after.as_ref(), MOST_CHANGES);
        let hides = state.has_secrets();
        let secrets_differ = hides && {
            let all = count(full_before.as_ref(), full_after.as_ref());
            all > changes.items.len() + changes.left_out
        };
        self.items.push(Difference {
            state: state.name,
            key,
            what,
            changes,
            secrets_differ,
        });
    }
}

/// How many differences there are.
fn count(before: Option<&Json>, after: Option<&Json>) -> usize {
    let all = changes(before, after, 0);
    all.items.len() + all.left_out
}
