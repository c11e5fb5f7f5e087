//! Changes of other processes that somebody subscribes to: the server is asked for them every now and then. Nothing depends
//! on a notification that may be lost, and commits pay for none.

use super::store::Core;
use crate::store::group_ref::{GroupHandle, GroupRef};
use crate::store::group_rows::WeakHandle;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, Weak};
use tokio::time::sleep;

/// The groups that somebody subscribes to.
#[derive(Default)]
pub(super) struct Watched(Mutex<HashMap<usize, WeakHandle>>);

/// How many rows are asked for at a time.
const ROWS_AT_ONCE: usize = 1000;

impl Watched {
    pub(super) fn add(&self, group: WeakHandle) {
        if let Some(handle) = group.upgrade() {
            let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            watched.insert(handle.id(), group);
        }
    }

    /// Those that still have subscribers.
    pub(super) fn groups(&self) -> Vec<GroupHandle> {
        let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut groups = Vec::with_capacity(watched.len());
        watched.retain(|_, group| {
            let handle = group
                .upgrade()
                .filter(|group| group.group().has_subscribers());
            let is_watched = handle.is_some();
            groups.extend(handle);
            is_watched
        });
        groups
    }
}

/// Asks for what has changed as long as there is a store.
pub(super) async fn run(core: Weak<Core>) {
    loop {
        let Some(interval) = core.upgrade().map(|core| core.limits.watch_interval) else {
            return;
        };
        sleep(interval).await;
        let Some(core) = core.upgrade() else { return };
        let groups = core.watched();
        for groups in groups.chunks(ROWS_AT_ONCE) {
            // An error shows where somebody reads.
            let _ = core.refresher.ask(groups.to_vec()).await;
        }
    }
}
