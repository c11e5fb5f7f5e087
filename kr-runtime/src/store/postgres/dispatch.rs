//! Batches begin as soon as they can.

use super::batch;
use super::batch_guard::BatchGuard;
use super::core::Core;
use std::mem;
use std::sync::{Arc, Weak};

/// Begins batches as long as there is a store.
pub(super) async fn run(core: Weak<Core>) {
    while let Some(core) = core.upgrade() {
        // One connection is left for reads.
        let most_batches = core.limits.connections.saturating_sub(1).max(1);
        while let Some(mut start) = core.dispatcher.next(most_batches, core.limits.batch_calls) {
            let requests = mem::take(&mut start.requests);
            let guard = BatchGuard::new(Arc::clone(&core), &requests, start.way);
            tokio::spawn(batch::run(guard, requests));
        }
        core.dispatcher.changed().await;
    }
}
