//! The states of one call: committed values to read, private drafts to change.

use crate::group::{Cut, Group, Slot};
use crate::home::Home;
use crate::locks::{Deadline, Guards, Lock, LockError, LockGuard, Owner, Place, acquire_all};
use crate::shared::downcast;
use smallvec::SmallVec;
use std::sync::Arc;

/// What a call borrows and which locks that takes, resolved once, before the first request.
#[derive(Default)]
pub(crate) struct Plan {
    /// Sorted by key, without repeats.
    locks: SmallVec<[Arc<Lock>; 1]>,
    groups: SmallVec<[Arc<Group>; 1]>,
    /// In the order of the arguments.
    borrows: SmallVec<[Borrow; 2]>,
}

/// Where the work under the locks is done.
#[derive(Clone, Copy)]
pub(crate) enum Runs {
    /// In the task that takes the locks, without a pause.
    Here,
    /// In a task of its own, which then says so with [`LockGuard::owned_here`].
    Elsewhere,
}

/// What commits have replaced.
pub(crate) type Retired = SmallVec<[Arc<Cut>; 1]>;

struct Borrow {
    group: usize,
    slot: usize,
    /// How to make a draft, if the argument is `&mut`.
    copy: Option<fn(&Slot) -> Slot>,
}

impl Plan {
    /// Adds the next argument.
    pub(crate) fn borrow(&mut self, home: &Home, copy: Option<fn(&Slot) -> Slot>) {
        let known = self
            .groups
            .iter()
            .position(|group| Arc::ptr_eq(group, &home.group));
        let group = known.unwrap_or_else(|| {
            self.groups.push(Arc::clone(&home.group));
            self.groups.len() - 1
        });
        self.borrows.push(Borrow {
            group,
            slot: home.slot,
            copy,
        });
    }

    /// Adds a lock to take.
    pub(crate) fn take(&mut self, lock: Arc<Lock>) {
        if let Err(place) = self
            .locks
            .binary_search_by(|known| known.key().cmp(lock.key()))
        {
            self.locks.insert(place, lock);
        }
    }

    /// The committed values, without a lock. States of one lock come from one commit.
    pub(crate) fn load(&self) -> States {
        self.states(|borrow, slot| {
            debug_assert!(borrow.copy.is_none(), "a read makes no drafts");
            Arc::clone(slot)
        })
    }

    /// Takes the locks, then makes the drafts. `runs` says where they will be used.
    pub(crate) async fn begin(
        &self,
        place: Place,
        runs: Runs,
        deadline: &mut Deadline,
    ) -> Result<(Guards, States), LockError> {
        // With one lock, what it is taken for follows at once. With more, the task may turn to something else between
        // them, another request perhaps, which is not to be taken for this one.
        let at_once = matches!(runs, Runs::Here) && self.locks.len() == 1;
        let owner = at_once.then(Owner::current);
        let guards = acquire_all(&self.locks, place, owner, deadline).await?;
        if matches!(runs, Runs::Here) && !at_once {
            guards.iter().for_each(LockGuard::owned_here);
        }
        let states = self.states(|borrow, slot| match borrow.copy {
            Some(copy) => copy(slot),
            None => Arc::clone(slot),
        });
        Ok((guards, states))
    }

    /// Publishes the drafts, all of one lock in one step. The caller still holds the locks, and drops what this returns
    /// after releasing them: freeing a large value takes a while, and nobody needs to wait for it.
    pub(crate) fn commit(&self, states: &States) -> Retired {
        let mut retired = Retired::new();
        for (index, group) in self.groups.iter().enumerate() {
            let drafts = || {
                self.borrows
                    .iter()
                    .zip(&states.0)
                    .filter(move |(borrow, _)| borrow.group == index && borrow.copy.is_some())
            };
            if drafts().next().is_some() {
                retired.push(group.publish(|slots| {
                    for (borrow, draft) in drafts() {
                        slots[borrow.slot] = Arc::clone(draft);
                    }
                }));
            }
        }
        retired
    }

    fn states(&self, take: impl Fn(&Borrow, &Slot) -> Slot) -> States {
        let cuts: SmallVec<[_; 1]> = self.groups.iter().map(|group| group.load()).collect();
        let slots = self
            .borrows
            .iter()
            .map(|borrow| take(borrow, &cuts[borrow.group].slots[borrow.slot]))
            .collect();
        States(slots)
    }
}

/// The states of one call, in the order of its arguments. Dropping it drops the drafts: that is what a roll-back is.
pub struct States(SmallVec<[Slot; 2]>);

impl States {
    /// Takes another value for the first argument.
    pub(crate) fn replace(&mut self, value: Slot) {
        if let Some(first) = self.0.first_mut() {
            *first = value;
        }
    }

    /// Hands out each argument once, so that the borrows cannot overlap.
    pub fn each(&mut self) -> Each<'_> {
        Each(self.0.iter_mut())
    }
}

/// Hands out the arguments of a call in order.
pub struct Each<'a>(std::slice::IterMut<'a, Slot>);

impl<'a> Each<'a> {
    /// The next argument, a `&S`.
    ///
    /// # Panics
    /// If there is no further argument or it is of another type, which generated code rules out.
    pub fn read<S: 'static>(&mut self) -> &'a S {
        let slot: &'a Slot = self.next();
        downcast(slot.as_ref())
    }

    /// The next argument, a `&mut S`.
    ///
    /// # Panics
    /// If there is no further draft or it is of another type, which generated code rules out.
    pub fn write<S: 'static>(&mut self) -> &'a mut S {
        Arc::get_mut(self.next())
            .and_then(|draft| draft.downcast_mut())
            .expect("a draft has one owner and the type of its handle")
    }

    fn next(&mut self) -> &'a mut Slot {
        self.0.next().expect("one state for each borrowed argument")
    }
}
