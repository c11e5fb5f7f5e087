//! The committed values of all states that one lock guards, published as one.

use crate::lock::{Inside, Lock};
use crate::sync::MutexGuard;
use smallvec::SmallVec;
use std::any::Any;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};
use tokio::sync::{Notify, watch};

/// A value of some shared state.
pub(crate) type Slot = Arc<dyn Any + Send + Sync>;

/// The values of the states of one lock, each at its place.
pub(crate) type Slots = SmallVec<[Slot; 1]>;

/// A lock and the states that it guards.
///
/// Readers take what they need of the last commit, which takes as long as it takes to copy pointers, whether somebody holds
/// the lock or not. Only the holder publishes.
pub(crate) struct Group {
    pub(crate) lock: Arc<Lock>,
    /// Who waits for something to be there again; made when somebody does.
    returned: OnceLock<Box<Notify>>,
    /// Who wants to hear of commits; made when somebody does.
    revisions: OnceLock<watch::Sender<u64>>,
}

/// What all states of a lock were after one commit.
#[derive(Default)]
pub(crate) struct Cut {
    pub(crate) revision: u64,
    pub(crate) slots: Slots,
    pub(crate) access: Access,
}

/// Whether the values can be had.
#[derive(Default)]
pub(crate) enum Access {
    /// All of them.
    #[default]
    Open,
    /// Somebody wants to change some of them in place, and waits for those who read them.
    Wanted,
    /// Some of them are being changed in place, and are not there meanwhile.
    Out,
    /// A change in place ended in a panic; these are lost.
    Damaged(Arc<Damage>),
}

/// Values that are lost, and why.
pub(crate) struct Damage {
    pub(crate) slots: SmallVec<[usize; 1]>,
    pub(crate) reason: String,
}

impl Group {
    pub(crate) fn new(lock: Arc<Lock>) -> Self {
        Self {
            lock,
            returned: OnceLock::new(),
            revisions: OnceLock::new(),
        }
    }

    /// The last commit. Not to be kept for longer than it takes to copy pointers.
    pub(crate) fn cut(&self) -> LastCut<'_> {
        LastCut(self.lock.inside())
    }

    /// Changes the values of some states, in one step for every reader. Returns the revision that this makes.
    pub(crate) fn publish(&self, change: impl FnOnce(&mut Slots)) -> u64 {
        let revision = self.cut().publish(change);
        self.announce(revision);
        revision
    }

    /// Tells those who want to hear of commits.
    pub(crate) fn announce(&self, revision: u64) {
        if let Some(revisions) = self.revisions.get() {
            announce(revisions, revision);
        }
    }

    /// The revision as it is, and as it will be.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        let revisions = self.revisions.get_or_init(|| watch::Sender::new(0));
        // A commit that came before the channel was there is announced here; later ones announce themselves.
        announce(revisions, self.cut().revision);
        revisions.subscribe()
    }

    /// Puts another state under the lock, with its first value. Returns its place.
    pub(crate) fn join(&self, seed: &Slot) -> usize {
        let mut cut = self.cut();
        cut.slots.push(Arc::clone(seed));
        cut.slots.len() - 1
    }

    /// Gives those of `count` states that have no values their first ones. Only the holder of the lock does that.
    pub(crate) fn fill(&self, count: usize, seeds: impl FnOnce() -> Slots) {
        let known = self.cut().slots.len();
        if known < count {
            let seeds = seeds();
            self.cut().slots.extend(seeds.into_iter().skip(known));
        }
    }

    /// Takes the values away, and does something else in the same step. Returns what they were.
    pub(crate) fn clear(&self, also: impl FnOnce()) -> Slots {
        let mut cut = self.cut();
        also();
        cut.access = Access::Open;
        cut.revision += 1;
        mem::take(&mut cut.slots)
    }

    /// Says whether the values can be had, and lets those know who wait for that.
    pub(crate) fn set_access(&self, access: Access) {
        let before = mem::replace(&mut self.cut().access, access);
        if let Some(returned) = self.returned.get() {
            returned.notify_waiters();
        }
        drop(before);
    }

    /// Is told when the access changes.
    pub(crate) fn returned(&self) -> &Notify {
        self.returned.get_or_init(Box::default)
    }
}

/// The last commit of a group.
pub(crate) struct LastCut<'g>(MutexGuard<'g, Inside>);

impl Deref for LastCut<'_> {
    type Target = Cut;

    fn deref(&self) -> &Cut {
        &self.0.cut
    }
}

impl DerefMut for LastCut<'_> {
    fn deref_mut(&mut self) -> &mut Cut {
        &mut self.0.cut
    }
}

impl Cut {
    /// Changes the values of some states. Returns the revision that this makes.
    pub(crate) fn publish(&mut self, change: impl FnOnce(&mut Slots)) -> u64 {
        change(&mut self.slots);
        self.revision += 1;
        self.revision
    }

    /// Why a value cannot be had now.
    pub(crate) fn missing(&self, slot: usize) -> Option<Missing> {
        match &self.access {
            Access::Open => None,
            Access::Wanted | Access::Out => Some(Missing::ForNow),
            Access::Damaged(damage) => damage
                .slots
                .contains(&slot)
                .then(|| Missing::Damaged(Arc::clone(damage))),
        }
    }
}

/// Why a value cannot be had.
pub(crate) enum Missing {
    /// It is being changed in place.
    ForNow,
    /// It is lost.
    Damaged(Arc<Damage>),
}

/// Announcements may overtake each other; the later revision stays.
fn announce(revisions: &watch::Sender<u64>, revision: u64) {
    revisions.send_if_modified(|known| {
        let newer = revision > *known;
        *known = revision.max(*known);
        newer
    });
}
