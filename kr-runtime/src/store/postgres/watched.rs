//! The groups that somebody subscribes to.

use crate::store::shared::{SharedGroup, WatchedGroup};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The groups that somebody subscribes to.
#[derive(Default)]
pub(super) struct Watched(Mutex<HashMap<usize, Box<dyn WatchedGroup>>>);

impl Watched {
    pub(super) fn add(&self, group: Box<dyn WatchedGroup>) {
        let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watched.insert(group.id(), group);
    }

    /// Those that still have subscribers.
    pub(super) fn groups(&self) -> Vec<Arc<dyn SharedGroup>> {
        let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut groups = Vec::with_capacity(watched.len());
        watched.retain(|_, watched| {
            let group = watched.group();
            let is_watched = group.is_some();
            groups.extend(group);
            is_watched
        });
        groups
    }
}
