//! All or nothing: what a call changes is its own until it is committed as a whole, or dropped.

use crate::lock::{
    Asker, Deadline, Guards, Held, Lock, LockError, Owner, Place, acquire_all, blocking,
};
use crate::state::shared::downcast;
use crate::store::counter::Counter;
use crate::store::lock_group::Slot;
use crate::transaction::access_plan::{Borrow, CounterOf, Guarded, How, Plan};
use crate::transaction::in_place;
use smallvec::SmallVec;
use std::mem;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

/// A call that has its locks: the states it works on, to be committed or, when this is dropped, rolled back.
pub(crate) struct Work<P, G: Guarded, L>
where
    P: Deref<Target = Plan<G, L>>,
    L: Deref<Target = Lock>,
{
    guards: Guards<L>,
    pub(crate) states: States,
    plan: P,
    place: Place,
    /// Values of the states are out of their places.
    is_out: bool,
}

/// Where the work under the locks is done.
#[derive(Clone, Copy)]
pub(crate) enum Runs {
    /// In the task that takes the locks, without a pause.
    Here,
    /// In a task of its own, which then says so with [`Work::owned_here`].
    Elsewhere,
}

impl<P, G: Guarded, L> Work<P, G, L>
where
    P: Deref<Target = Plan<G, L>>,
    L: Deref<Target = Lock> + Clone,
{
    /// Takes the locks, then makes the drafts. `runs` says where they will be used.
    pub(crate) async fn begin(
        plan: P,
        place: Place,
        runs: Runs,
        deadline: &mut Deadline,
    ) -> Result<Self, LockError> {
        let asker = asker(&plan, place, runs);
        let guards = acquire_all(&plan.locks, asker, deadline).await?;
        let mut work = Self::holding(plan, guards, runs, asker)?;
        if work
            .plan
            .borrows
            .iter()
            .any(|borrow| matches!(borrow.how, How::InPlace(..)))
        {
            in_place::take(&work.plan, &mut work.states, place, deadline).await?;
            work.is_out = true;
        }
        Ok(work)
    }

    /// As [`begin`](Self::begin), with a thread that waits; nothing is borrowed in place.
    pub(crate) fn begin_blocking(
        plan: P,
        place: Place,
        deadline: &mut Deadline,
    ) -> Result<Self, LockError> {
        let asker = asker(&plan, place, Runs::Here);
        let guards = blocking::acquire_all(&plan.locks, asker, deadline)?;
        Self::holding(plan, guards, Runs::Here, asker)
    }

    fn holding(plan: P, guards: Guards<L>, runs: Runs, asker: Asker) -> Result<Self, LockError> {
        let mut work = Self {
            guards,
            states: States::default(),
            plan,
            place: asker.place,
            is_out: false,
        };
        if matches!(runs, Runs::Here) && asker.owner.is_none() {
            work.owned_here();
        }
        work.plan.groups.iter().for_each(Guarded::prepare);
        work.states = work.plan.load().map_err(|(index, missing)| {
            in_place::refused(work.plan.groups[index].group(), missing)
        })?;
        // Values are copied after the look at what was committed: that takes a while, and others look, too.
        for (borrow, slot) in work.plan.borrows.iter().zip(&mut work.states.slots) {
            if let (How::Draft(copy), Some(slot)) = (&borrow.how, slot) {
                *slot = copy(slot);
            }
        }
        Ok(work)
    }
}

/// With one lock, what it is taken for follows at once. With more, the task may turn to something else between them,
/// another request perhaps, which is not to be taken for this one.
fn asker<G: Guarded, L>(plan: &Plan<G, L>, place: Place, runs: Runs) -> Asker {
    let at_once = matches!(runs, Runs::Here) && plan.locks.len() == 1;
    Asker {
        place,
        owner: at_once.then(Owner::current),
        lasts: matches!((runs, place), (Runs::Elsewhere, _) | (_, Place::Route(_))),
    }
}

impl<P, G: Guarded, L> Work<P, G, L>
where
    P: Deref<Target = Plan<G, L>>,
    L: Deref<Target = Lock>,
{
    /// The current task runs what the locks were taken for.
    pub(crate) fn owned_here(&mut self) {
        self.guards.iter_mut().for_each(Held::owned_here);
    }

    /// Publishes the drafts, all of one lock in one step. Returns the revision of the first.
    pub(crate) fn commit(&mut self) -> Option<u64> {
        let mut first = None;
        for (index, group) in self.plan.groups.iter().enumerate() {
            let of_group = |borrow: &Borrow| borrow.group == index && borrow.is_exclusive();
            let borrows = || self.plan.borrows.iter();
            if !borrows().any(of_group) {
                continue;
            }
            let drafts = borrows().zip(&mut self.states.slots);
            let revision = group.group().publish(|slots| {
                group.committed();
                for (borrow, draft) in drafts.filter(|(borrow, _)| of_group(borrow)) {
                    if let Some(draft) = draft {
                        mem::swap(&mut slots[borrow.slot], draft);
                    }
                }
            });
            for borrow in borrows().filter(|borrow| of_group(borrow)) {
                match borrow.how {
                    How::InPlace(..) => in_place::returned(group.group()),
                    How::Replaced => in_place::mended(group.group(), borrow.slot),
                    _ => {}
                }
            }
            first = first.or(Some(revision));
        }
        self.is_out = false;
        first
    }

    /// Whether there are drafts that can be dropped: what was changed in place stays changed.
    pub(crate) fn can_roll_back(&self) -> bool {
        !self.is_out
    }

    /// For how long the first of the locks has been held.
    pub(crate) fn held_for(&self) -> Option<Duration> {
        self.guards.first().map(Held::held_for)
    }

    /// Releases the locks. What was replaced, or rolled back, goes with the rest: freeing a large value takes a while, and
    /// nobody needs to wait for it.
    pub(crate) fn release(&mut self) {
        self.guards.clear();
    }
}

impl<P, G: Guarded, L> Drop for Work<P, G, L>
where
    P: Deref<Target = Plan<G, L>>,
    L: Deref<Target = Lock>,
{
    fn drop(&mut self) {
        if self.is_out {
            in_place::lost(&self.plan, self.place);
        }
    }
}

/// The states of one call, in the order of its arguments. Dropping it drops the drafts: that is what a roll-back is.
#[derive(Default)]
pub struct States {
    pub(crate) slots: SmallVec<[Option<Slot>; 2]>,
    pub(crate) counters: SmallVec<[CounterOf; 1]>,
}

impl States {
    /// Takes another value for the first argument.
    pub(crate) fn replace(&mut self, value: Slot) {
        if let Some(first) = self.slots.first_mut() {
            *first = Some(value);
        }
    }

    /// Hands out each argument once, so that the borrows cannot overlap.
    pub fn each(&mut self) -> Each<'_> {
        Each {
            slots: self.slots.iter_mut(),
            counters: self.counters.iter(),
        }
    }
}

/// Hands out the arguments of a call in order.
pub struct Each<'a> {
    slots: std::slice::IterMut<'a, Option<Slot>>,
    counters: std::slice::Iter<'a, CounterOf>,
}

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

    /// The next argument, a `&Counter`.
    ///
    /// # Panics
    /// If there is no further argument or it is no counter, which generated code rules out.
    pub fn counter(&mut self) -> &'a Counter {
        let slot: &'a Slot = self.next();
        let of = self.counters.next().expect("one for each counter");
        of(slot.as_ref())
    }

    fn next(&mut self) -> &'a mut Slot {
        let slot = self.slots.next().and_then(Option::as_mut);
        slot.expect("one state for each borrowed argument")
    }
}
