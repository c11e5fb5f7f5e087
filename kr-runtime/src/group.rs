//! The committed values of all states that one lock guards, published as one.

use crate::locks::Lock;
use arc_swap::ArcSwap;
use smallvec::SmallVec;
use std::any::Any;
use std::sync::{Arc, OnceLock};
use tokio::sync::watch;

/// A value of some shared state.
pub(crate) type Slot = Arc<dyn Any + Send + Sync>;

/// What all states of a lock were after one commit. Never changed, only replaced.
pub(crate) struct Cut {
    pub(crate) revision: u64,
    pub(crate) slots: SmallVec<[Slot; 1]>,
}

/// A lock and the states that it guards.
///
/// Readers load the current cut without waiting for anybody. Only the holder of the lock publishes.
pub(crate) struct Group {
    pub(crate) lock: Arc<Lock>,
    cut: ArcSwap<Cut>,
    /// Who wants to hear of commits; made when somebody does.
    revisions: OnceLock<watch::Sender<u64>>,
}

impl Group {
    pub(crate) fn new(lock: Arc<Lock>, seeds: SmallVec<[Slot; 1]>) -> Self {
        let cut = Cut {
            revision: 0,
            slots: seeds,
        };
        Self {
            lock,
            cut: ArcSwap::from_pointee(cut),
            revisions: OnceLock::new(),
        }
    }

    /// The last commit.
    pub(crate) fn load(&self) -> arc_swap::Guard<Arc<Cut>> {
        self.cut.load()
    }

    /// Replaces the values of some states, in one step for every reader. Returns the cut that this made the last but one.
    pub(crate) fn publish(&self, changes: &[(usize, Slot)]) -> Arc<Cut> {
        let retired = self.cut.rcu(|cut| {
            let mut slots = cut.slots.clone();
            for (index, slot) in changes {
                slots[*index] = Arc::clone(slot);
            }
            Cut {
                revision: cut.revision + 1,
                slots,
            }
        });
        if let Some(revisions) = self.revisions.get() {
            announce(revisions, retired.revision + 1);
        }
        retired
    }

    /// The revision as it is, and as it will be.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        let revisions = self.revisions.get_or_init(|| watch::Sender::new(0));
        // A commit that came before the channel was there is announced here; later ones announce themselves.
        announce(revisions, self.load().revision);
        revisions.subscribe()
    }

    /// Puts another state under the lock, with its first value. Returns its place.
    pub(crate) fn join(&self, seed: &Slot) -> usize {
        let before = self.cut.rcu(|cut| {
            let mut slots = cut.slots.clone();
            slots.push(Arc::clone(seed));
            Cut {
                revision: cut.revision,
                slots,
            }
        });
        before.slots.len()
    }
}

/// Announcements may overtake each other; the later revision stays.
fn announce(revisions: &watch::Sender<u64>, revision: u64) {
    revisions.send_if_modified(|known| {
        let newer = revision > *known;
        *known = revision.max(*known);
        newer
    });
}
