//! The committed values of all states that one lock guards, published as one.

use crate::locks::Lock;
use arc_swap::ArcSwap;
use smallvec::SmallVec;
use std::any::Any;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::watch;

/// A value of some shared state.
pub(crate) type Slot = Arc<dyn Any + Send + Sync>;

/// What all states of a lock were after one commit. Never changed, only replaced.
pub(crate) struct Cut {
    pub(crate) revision: u64,
    pub(crate) slots: Slots,
}

/// The values of the states of one lock, each at its place.
pub(crate) type Slots = SmallVec<[Slot; 1]>;

/// A lock and the states that it guards.
///
/// Readers load the current cut without waiting for anybody. Only the holder of the lock publishes.
pub(crate) struct Group {
    pub(crate) lock: Arc<Lock>,
    cut: ArcSwap<Cut>,
    /// The holder of the lock is the only one who publishes, but a state may join at any time.
    replacing: Mutex<()>,
    /// Who wants to hear of commits; made when somebody does.
    revisions: OnceLock<watch::Sender<u64>>,
}

impl Group {
    pub(crate) fn new(lock: Arc<Lock>, seeds: Slots) -> Self {
        let cut = Cut {
            revision: 0,
            slots: seeds,
        };
        Self {
            lock,
            cut: ArcSwap::from_pointee(cut),
            replacing: Mutex::new(()),
            revisions: OnceLock::new(),
        }
    }

    /// The last commit.
    pub(crate) fn load(&self) -> arc_swap::Guard<Arc<Cut>> {
        self.cut.load()
    }

    /// Changes the values of some states, in one step for every reader. Returns what they were.
    pub(crate) fn publish(&self, change: impl FnOnce(&mut Slots)) -> Arc<Cut> {
        let retired = self.replace(1, change);
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
        let before = self.replace(0, |slots| slots.push(Arc::clone(seed)));
        before.slots.len()
    }

    fn replace(&self, commits: u64, change: impl FnOnce(&mut Slots)) -> Arc<Cut> {
        let _one = self
            .replacing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let cut = self.cut.load();
        let mut slots = cut.slots.clone();
        change(&mut slots);
        let next = Cut {
            revision: cut.revision + commits,
            slots,
        };
        self.cut.swap(Arc::new(next))
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
