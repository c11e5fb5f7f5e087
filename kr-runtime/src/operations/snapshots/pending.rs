//! The restore that somebody has looked at and not confirmed yet, and what was there before the last one.

use super::document::Document;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a preview can be confirmed.
const LIFETIME: Duration = Duration::from_secs(15 * 60);

/// A restore that waits for confirmation. There is one at most: documents may be large.
///
/// They are kept as documents: as long as anybody has a value, it cannot be changed in place.
#[derive(Default)]
pub(crate) struct Pending {
    restore: Mutex<Option<PendingRestore>>,
    before: Mutex<Option<Arc<Document>>>,
}

/// A restore that waits for confirmation.
pub(crate) struct PendingRestore {
    pub(crate) id: String,
    pub(crate) document: Arc<Document>,
    /// The moment that the preview has seen.
    pub(crate) seen: String,
    pub(crate) since: Instant,
}

impl Pending {
    pub(crate) fn put(&self, restore: PendingRestore) {
        *guard(&self.restore) = Some(restore);
    }

    /// The restore of that id, unless it is too old or another one has taken its place.
    pub(crate) fn take(&self, id: &str) -> Option<PendingRestore> {
        let mut restore = guard(&self.restore);
        restore
            .take_if(|it| it.id == id)
            .filter(|it| it.since.elapsed() < LIFETIME)
    }

    /// Keeps what was there before a restore, to undo it.
    pub(crate) fn keep_before(&self, document: Document) {
        *guard(&self.before) = Some(Arc::new(document));
    }

    /// What was there before the last restore.
    pub(crate) fn before(&self) -> Option<Arc<Document>> {
        guard(&self.before).clone()
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
