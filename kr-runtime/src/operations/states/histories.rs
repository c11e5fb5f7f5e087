//! The histories of all states without a key, and of the instances that somebody has looked at lately.

use super::history::{Entry, History, Place, Seen, guard};
use super::instances::Keyed;
use crate::operations::service::Service;
use crate::state::HostField;
use crate::store::{EntryRef, Instance, WeakEntryRef};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How many instances have a history at most: those that somebody has looked at last.
const MOST_INSTANCES: usize = 50;

/// How long an instance has a history after somebody has looked at it.
const INTEREST: Duration = Duration::from_secs(60 * 60);

/// The histories of all states without a key, and of some instances.
#[derive(Default)]
pub(crate) struct Histories {
    singles: Mutex<HashMap<&'static str, Arc<Mutex<History>>>>,
    instances: Mutex<HashMap<InstanceId, Watched>>,
}

/// A state, and the key of an instance as JSON.
type InstanceId = (&'static str, String);

/// An instance that somebody has looked at.
#[derive(Clone)]
struct Watched {
    keyed: Keyed,
    key: Json,
    /// It does not keep the instance.
    instance: WeakEntryRef<Instance>,
    last: Instant,
    history: Arc<Mutex<History>>,
}

impl Histories {
    /// Looks at every state whose revision has changed.
    pub(crate) fn look(&self, service: &Service) {
        for field in service.host.state_fields() {
            let HostField::Single(cell) = field else {
                continue;
            };
            let state = &cell.state_type;
            let Some(address) = cell.address.get() else {
                continue;
            };
            let history = Arc::clone(guard(&self.singles).entry(state.name).or_default());
            let place = Place {
                state,
                group: &address.group,
                index: address.index,
                is_keyed: false,
            };
            History::look(&history, &place);
        }
        let watched: Vec<Watched> = {
            let mut instances = guard(&self.instances);
            instances.retain(|_, watched| watched.last.elapsed() < INTEREST);
            instances.values().cloned().collect()
        };
        for watched in watched {
            let Some(instance) = watched.instance() else {
                continue;
            };
            let place = Place {
                state: &watched.keyed.state,
                group: instance.group(),
                index: watched.keyed.index(),
                is_keyed: true,
            };
            History::look(&watched.history, &place);
        }
    }

    /// What is known of a state without a key.
    pub(crate) fn seen(&self, state: &str) -> Option<Seen> {
        let singles = guard(&self.singles);
        Some(guard(singles.get(state)?).seen())
    }

    /// What has changed in a state without a key, the newest first.
    pub(crate) fn entries(&self, state: &str) -> Vec<Entry> {
        let singles = guard(&self.singles);
        let history = singles.get(state);
        history.map_or_else(Vec::new, |history| guard(history).entries())
    }

    /// What has changed in an instance since somebody looked at it for the first time, the newest first. From now on it has a
    /// history.
    pub(crate) fn entries_of(
        &self,
        keyed: &Keyed,
        key: &Json,
        instance: &EntryRef<Instance>,
    ) -> Vec<Entry> {
        let mut instances = guard(&self.instances);
        let id = (keyed.state.name, key.to_string());
        if instances.len() >= MOST_INSTANCES && !instances.contains_key(&id) {
            let oldest = instances.iter().min_by_key(|(_, watched)| watched.last);
            if let Some(oldest) = oldest.map(|(id, _)| id.clone()) {
                instances.remove(&oldest);
            }
        }
        let watched = instances.entry(id).or_insert_with(|| Watched {
            keyed: keyed.clone(),
            key: key.clone(),
            instance: instance.downgrade(),
            last: Instant::now(),
            history: Arc::default(),
        });
        watched.last = Instant::now();
        watched.instance = instance.downgrade();
        guard(&watched.history).entries()
    }
}

impl Watched {
    /// The instance, if it is in memory. Looking at it is no use of it: one that nobody uses leaves memory all the same.
    fn instance(&self) -> Option<EntryRef<Instance>> {
        let known = self.instance.upgrade();
        // It may have been removed, and made again.
        known.or_else(|| self.keyed.peek(&self.key))
    }
}
