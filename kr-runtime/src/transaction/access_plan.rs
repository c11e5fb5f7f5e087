//! What a call borrows and which locks that takes, resolved before it begins.

use crate::lock::Lock;
use crate::store::counter::Counter;
use crate::store::lock_group::{Cut, Group, Missing, Slot, Slots};
use crate::transaction::active::States;
use smallvec::SmallVec;
use std::any::Any;
use std::ops::Deref;
use std::sync::Arc;

/// What a call borrows and which locks that takes. `G` is how the states' groups are kept, and `L` how the locks are.
pub(crate) struct Plan<G, L> {
    /// Sorted by key, without repeats.
    pub(crate) locks: SmallVec<[L; 1]>,
    pub(crate) groups: SmallVec<[G; 1]>,
    /// In the order of the arguments.
    pub(crate) borrows: SmallVec<[Borrow; 2]>,
}

/// The last commit of each group of a plan.
pub(crate) type Revisions = SmallVec<[u64; 1]>;

/// A group of states that is always there, or that of a key.
pub(crate) trait Guarded {
    /// The group itself.
    fn group(&self) -> &Group;

    /// Its lock is held from now on, for a change.
    fn prepare(&self) {}

    /// A change is committed. Is told so in the same step, as everybody else sees it.
    fn committed(&self) {}

    /// The values that the states have as long as nothing was committed, if they are not in the group from the start.
    fn seeds(&self) -> Slots {
        Slots::new()
    }
}

/// A borrowed state.
#[derive(Clone)]
pub(crate) struct Borrow {
    pub(crate) group: usize,
    pub(crate) slot: usize,
    pub(crate) how: How,
}

/// How a state is borrowed.
#[derive(Clone)]
pub(crate) enum How {
    /// `&S`: as it was last committed.
    Read,
    /// `&Counter`: that counter of it, whatever its last commit is.
    Counter(CounterOf),
    /// `&mut S`: a draft, made by this function.
    Draft(fn(&Slot) -> Slot),
    /// `&mut S`: the value itself. The seed that is kept for a reset is not to be changed, so it is copied, by this function.
    InPlace(fn(&Slot) -> Slot, Option<Slot>),
    /// Not at all: another value takes its place, whatever became of it.
    Replaced,
}

/// Finds a counter in a state.
pub(crate) type CounterOf = fn(&(dyn Any + Send + Sync)) -> &Counter;

impl<G, L> Default for Plan<G, L> {
    fn default() -> Self {
        Self {
            locks: SmallVec::new(),
            groups: SmallVec::new(),
            borrows: SmallVec::new(),
        }
    }
}

impl<G: Guarded, L: Deref<Target = Lock>> Plan<G, L> {
    /// Adds the next argument: the state at this place of a group.
    pub(crate) fn borrow(&mut self, group: G, slot: usize, how: How) {
        let known = self
            .groups
            .iter()
            .position(|known| std::ptr::eq(known.group(), group.group()));
        let group = known.unwrap_or_else(|| {
            self.groups.push(group);
            self.groups.len() - 1
        });
        self.borrows.push(Borrow { group, slot, how });
    }

    /// Adds a lock to take.
    pub(crate) fn take(&mut self, lock: L) {
        if let Err(place) = self
            .locks
            .binary_search_by(|known| known.key().cmp(lock.key()))
        {
            self.locks.insert(place, lock);
        }
    }

    /// The committed values, without a lock. States of one lock come from one commit.
    pub(crate) fn load(&self) -> Result<States, (usize, Missing)> {
        self.load_seeing(|_| {})
    }

    /// As [`load`](Self::load), with the commits that the values come from.
    pub(crate) fn load_at(&self) -> Result<(States, Revisions), (usize, Missing)> {
        let mut revisions = Revisions::new();
        let states = self.load_seeing(|cut| revisions.push(cut.revision))?;
        Ok((states, revisions))
    }

    /// Whether [`load_at`](Self::load_at) would load the values of these commits.
    pub(crate) fn is_at(&self, revisions: &[u64]) -> bool {
        let mut groups = self.groups.iter().zip(revisions).enumerate();
        groups.all(|(index, (group, revision))| {
            let mut borrows = self.borrows.iter().filter(|borrow| borrow.group == index);
            let cut = group.group().cut();
            cut.revision == *revision && borrows.all(|borrow| cut.missing(borrow.slot).is_none())
        })
    }

    /// Whether there were commits since these.
    pub(crate) fn is_past(&self, revisions: &[u64]) -> bool {
        let mut groups = self.groups.iter().zip(revisions);
        groups.any(|(group, revision)| group.group().cut().revision != *revision)
    }

    fn load_seeing(&self, mut see: impl FnMut(&Cut)) -> Result<States, (usize, Missing)> {
        let mut states = States::default();
        states.slots.resize(self.borrows.len(), None);
        for (index, group) in self.groups.iter().enumerate() {
            let wanted = self
                .borrows
                .iter()
                .zip(&mut states.slots)
                .filter(|(borrow, _)| {
                    borrow.group == index && !matches!(borrow.how, How::Replaced)
                });
            let cut = group.group().cut();
            see(&cut);
            let mut lacks_some = false;
            for (borrow, slot) in wanted {
                if let Some(missing) = cut.missing(borrow.slot) {
                    return Err((index, missing));
                }
                *slot = cut.slots.get(borrow.slot).cloned();
                lacks_some |= slot.is_none();
            }
            drop(cut);
            if lacks_some {
                let seeds = group.seeds();
                for (borrow, slot) in self.borrows.iter().zip(&mut states.slots) {
                    if borrow.group == index && slot.is_none() {
                        *slot = seeds.get(borrow.slot).cloned();
                    }
                }
            }
        }
        let counters = self.borrows.iter().filter_map(|borrow| match borrow.how {
            How::Counter(of) => Some(of),
            _ => None,
        });
        states.counters = counters.collect();
        Ok(states)
    }
}

impl Borrow {
    /// Whether the argument is a `&mut`.
    pub(crate) fn is_exclusive(&self) -> bool {
        matches!(self.how, How::Draft(_) | How::InPlace(..) | How::Replaced)
    }
}

impl Guarded for Arc<Group> {
    fn group(&self) -> &Group {
        self
    }
}

impl Guarded for &Group {
    fn group(&self) -> &Group {
        self
    }
}
