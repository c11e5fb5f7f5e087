//! The states of an application.

use super::histories::Histories;
use crate::operations::service::Service;
use crate::state::{HostField, StateType};
use serde::Serialize;
use std::time::SystemTime;

/// A state, or a keyed state.
#[derive(Serialize)]
pub(crate) struct StateView {
    pub(crate) name: &'static str,
    /// The key of its lock, or the template of its locks.
    pub(crate) lock: &'static str,
    pub(crate) is_keyed: bool,
    /// Of a state without a key.
    pub(crate) revision: Option<u64>,
    /// How many instances a keyed state has, if that can be told now.
    pub(crate) instances: Option<usize>,
    /// Bytes of its JSON, when that was last made; of a state without a key.
    pub(crate) bytes: Option<usize>,
    /// When its last change was seen, in seconds since 1970; of a state without a key.
    #[serde(serialize_with = "crate::operations::time::serialize")]
    pub(crate) changed: Option<SystemTime>,
    /// Whether its value can be written as JSON.
    pub(crate) has_json: bool,
    /// Whether some of it, or all, is masked.
    pub(crate) has_secrets: bool,
}

/// All states, in the order of the host's fields.
pub(crate) async fn list(service: &Service, histories: &Histories) -> Vec<StateView> {
    let mut states = Vec::new();
    let mut keyed = Vec::new();
    for field in service.host.state_fields() {
        let state = field.state_type();
        let mut view = view(state);
        match field {
            HostField::Single(cell) => {
                let address = cell.address.get();
                let revision = address.map(|address| address.group.chain().durable().revision());
                view.revision = Some(revision.unwrap_or(0));
                if let Some(seen) = histories.seen(state.name) {
                    view.bytes = seen.bytes;
                    view.changed = seen.changed;
                }
            }
            HostField::Keyed(state) => {
                view.is_keyed = true;
                if let Some((key_space, _)) = state.key_space() {
                    keyed.push((states.len(), key_space));
                }
            }
        }
        states.push(view);
    }
    for (number, key_space) in keyed {
        states[number].instances = key_space.count().await.ok();
    }
    states
}

fn view(state: &StateType) -> StateView {
    StateView {
        name: state.name,
        lock: state.lock,
        is_keyed: false,
        revision: None,
        instances: None,
        bytes: None,
        changed: None,
        has_json: state.traits.json.is_some(),
        has_secrets: state.has_secrets(),
    }
}
