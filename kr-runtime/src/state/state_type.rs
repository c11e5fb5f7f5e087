//! What is known of a state from its type, where the type itself is not.

use super::shared_state::{SharedState, Traits};
use crate::store::{Value, downcast, with_new_counters};
use crate::transaction::OptionalDraft;
use std::sync::Arc;

/// What is known of a state from its type.
#[derive(Clone, Copy)]
pub(crate) struct StateType {
    pub(crate) name: &'static str,
    /// The key of its lock, as written.
    pub(crate) lock: &'static str,
    /// Makes a draft of a value.
    pub(crate) copy: fn(&Value) -> Value,
    /// Makes a copy with counters of its own.
    pub(crate) copy_with_new_counters: fn(&Value) -> Value,
    /// Makes a draft of a value that may not be there.
    pub(crate) optional: OptionalDraft,
    pub(crate) traits: Traits,
}

impl StateType {
    pub(crate) const fn of<S: SharedState>() -> Self {
        Self {
            name: S::NAME,
            lock: S::LOCK,
            copy: |committed| Arc::new(downcast::<S>(committed.as_ref()).clone()),
            copy_with_new_counters: |initial| {
                Arc::new(with_new_counters(downcast::<S>(initial.as_ref())))
            },
            optional: OptionalDraft {
                open: |committed| {
                    let state = committed.map(|value| downcast::<S>(value.as_ref()).clone());
                    Arc::new(state)
                },
                close: |draft| {
                    let draft: &mut Option<S> = Arc::get_mut(draft)?.downcast_mut()?;
                    draft.take().map(|state| Arc::new(state) as Value)
                },
                is_there: |draft| downcast::<Option<S>>(draft.as_ref()).is_some(),
            },
            traits: S::TRAITS,
        }
    }

    /// The value as JSON; `None` if the type is not `Serialize`.
    pub(crate) fn json(&self, value: &Value) -> Option<serde_json::Result<serde_json::Value>> {
        self.traits.json.map(|to_json| to_json(value.as_ref()))
    }
}
