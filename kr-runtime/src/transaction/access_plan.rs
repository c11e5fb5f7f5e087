//! What a call accesses and which locks that takes, resolved before it begins.

use super::arguments::Arguments;
use super::views::{ViewList, Views};
use crate::lock::LockRef;
use crate::store::{
    Bases, Chain, ChainGuard, CounterGetter, GroupRef, LockGroup, Stamp, Unavailable, Value,
    Version,
};
use smallvec::SmallVec;
use std::ops::Range;
use std::sync::Arc;

/// What a call accesses and which locks that takes. `G` is how the states' lock groups are kept, and `L` how the locks are.
pub(crate) struct AccessPlan<G, L> {
    /// Sorted by key, without repeats.
    pub(crate) locks: SmallVec<[L; 1]>,
    /// Sorted by lock key, so that all of their mutexes can be locked at once.
    pub(crate) groups: SmallVec<[G; 1]>,
    /// In the order of the arguments.
    pub(crate) accesses: SmallVec<[Access; 2]>,
    /// The arguments that are no values of a lock, in their order.
    pub(crate) views: Views,
    /// Whether the accesses are sorted by group. A plan of thousands of groups is.
    pub(crate) is_by_group: bool,
}

/// An argument that is a shared state.
#[derive(Clone)]
pub(crate) struct Access {
    /// The number of its group in the plan.
    pub(crate) group: usize,
    /// The index of its value in the group.
    pub(crate) index: usize,
    pub(crate) mode: AccessMode,
}

/// How an argument accesses its state.
#[derive(Clone)]
pub(crate) enum AccessMode {
    /// `&S`: a committed value.
    Read,
    /// `Option<&S>`: a committed value; none if there is no instance.
    OptionalRead,
    /// `&Counter`: that counter of the state, whatever its last commit is.
    Counter(CounterGetter),
    /// `&mut S`: a draft, made by this function.
    Draft(fn(&Value) -> Value),
    /// `&mut Option<S>`: a draft that may be made, replaced or taken; none at the commit removes the instance.
    OptionalDraft(OptionalDraft),
    /// `&mut S`: the value itself. With the initial value, which a reset needs: before the first change in place it is
    /// copied, by this function.
    InPlace(fn(&Value) -> Value, Option<Value>),
    /// Not at all: another value takes its place, whatever became of it.
    Replace,
    /// Not at all: the instance that it is a state of is removed.
    Remove,
}

/// How a value becomes the draft of a `&mut Option<S>`, and back.
#[derive(Clone, Copy)]
pub(crate) struct OptionalDraft {
    /// Makes an `Option<S>` of the value, if there is one.
    pub(crate) open: fn(Option<&Value>) -> Value,
    /// Takes the value out of the draft.
    pub(crate) close: fn(&mut Value) -> Option<Value>,
    /// Whether there is a value in the draft.
    pub(crate) is_there: fn(&Value) -> bool,
}

impl<G, L> Default for AccessPlan<G, L> {
    fn default() -> Self {
        Self {
            locks: SmallVec::new(),
            groups: SmallVec::new(),
            accesses: SmallVec::new(),
            views: None,
            is_by_group: false,
        }
    }
}

impl<G: GroupRef, L: LockRef> AccessPlan<G, L> {
    /// Adds a lock to take.
    pub(crate) fn add_lock(&mut self, lock: L) {
        if let Err(position) = self.locks.binary_search_by(|known| known.compare(&lock)) {
            self.locks.insert(position, lock);
        }
    }
}

impl<G: GroupRef, L> AccessPlan<G, L> {
    /// Adds the next argument: the state at this index of a group.
    pub(crate) fn add_access(&mut self, group: G, index: usize, mode: AccessMode) {
        let lock = &group.group().lock;
        let position = self
            .groups
            .binary_search_by(|known| known.group().lock.compare(lock));
        let group = match position {
            Ok(position) => position,
            Err(position) => {
                self.groups.insert(position, group);
                for access in &mut self.accesses {
                    access.group += usize::from(access.group >= position);
                }
                position
            }
        };
        self.accesses.push(Access { group, index, mode });
    }

    /// Whether another group than this one is in the plan under the same lock key.
    pub(crate) fn has_other_group(&self, group: &LockGroup) -> bool {
        let mut groups = self.groups.iter().map(GroupRef::group);
        groups.any(|known| !std::ptr::eq(known, group) && known.lock.compare(&group.lock).is_eq())
    }

    /// The newest values, for the holder of all locks, and the commits that they are from as far as those are not durable.
    /// `has_rows` says that he holds their rows in a store that other processes change as well.
    pub(crate) fn load_newest(
        &self,
        has_rows: bool,
    ) -> Result<(Arguments, Bases), (usize, Unavailable)> {
        let mut bases = Bases::new();
        let see = |chain: &Chain| bases.extend(chain.head_status().cloned());
        let unavailable = |chain: &Chain, index| match has_rows {
            false => chain.unavailable_to_writer(index),
            true => chain.unavailable_to_row_holder(index),
        };
        let arguments = self.load(Chain::newest, Chain::newest_epoch, unavailable, see)?;
        Ok((arguments, bases))
    }

    /// The arguments that are states of that group.
    pub(crate) fn accesses_of(&self, group: usize) -> impl Iterator<Item = &Access> {
        let accesses = self.accesses[self.may_be_of(group)].iter();
        accesses.filter(move |access| access.group == group)
    }

    /// Where the accesses of a group are among all.
    pub(super) fn may_be_of(&self, group: usize) -> Range<usize> {
        if !self.is_by_group {
            return 0..self.accesses.len();
        }
        let start = self.accesses.partition_point(|it| it.group < group);
        let end = self.accesses.partition_point(|it| it.group <= group);
        start..end
    }

    pub(super) fn load(
        &self,
        version: impl Fn(&Chain) -> &Version,
        epoch: impl Fn(&Chain) -> u64,
        unavailable: impl Fn(&Chain, usize) -> Option<Unavailable>,
        mut see: impl FnMut(&Chain),
    ) -> Result<Arguments, (usize, Unavailable)> {
        let arguments = match &self.groups[..] {
            [group] => self.load_from(
                &[group.group().chain()],
                version,
                epoch,
                unavailable,
                &mut see,
            ),
            groups => {
                let chains = groups.iter().map(|group| group.group().chain());
                let chains: SmallVec<[ChainGuard<'_>; 2]> = chains.collect();
                self.load_from(&chains, version, epoch, unavailable, &mut see)
            }
        };
        let mut arguments = arguments?;
        if arguments.values.iter().any(Option::is_none) {
            self.load_initial(&mut arguments);
        }
        Ok(arguments)
    }

    /// Loads from the chains of all groups, whose mutexes are locked.
    #[inline]
    fn load_from(
        &self,
        chains: &[ChainGuard<'_>],
        version: impl Fn(&Chain) -> &Version,
        epoch: impl Fn(&Chain) -> u64,
        unavailable: impl Fn(&Chain, usize) -> Option<Unavailable>,
        see: &mut impl FnMut(&Chain),
    ) -> Result<Arguments, (usize, Unavailable)> {
        let mut arguments = Arguments::default();
        chains.iter().for_each(|chain| see(chain));
        for access in &self.accesses {
            let chain = &chains[access.group];
            if !access.is_loaded() {
                // Whatever became of the value, its row is needed.
                if let Some(Unavailable::Shared) = unavailable(chain, access.index) {
                    return Err((access.group, Unavailable::Shared));
                }
                arguments.values.push(None);
                continue;
            }
            if let Some(unavailable) = unavailable(chain, access.index) {
                return Err((access.group, unavailable));
            }
            let version = version(chain);
            let value = match access.is_optional() && !version.is_committed() {
                true => None,
                false => version.values.get(access.index),
            };
            arguments.values.push(value.cloned());
            if let AccessMode::Counter(counter) = access.mode {
                arguments.counters.push(counter);
            }
        }
        if let Some(views) = &self.views {
            arguments.views = match views.asks_revision {
                false => Some(Arc::clone(views)),
                true => self.with_revision(views, chains, version, epoch),
            };
        }
        Ok(arguments)
    }

    /// The views, with the revision that the values belong to.
    #[cold]
    fn with_revision(
        &self,
        views: &ViewList,
        chains: &[ChainGuard<'_>],
        version: impl Fn(&Chain) -> &Version,
        epoch: impl Fn(&Chain) -> u64,
    ) -> Views {
        // A counter may be under another lock, and changes without a commit.
        let mut states = self.accesses.iter();
        let state = states.find(|access| !matches!(access.mode, AccessMode::Counter(_)))?;
        let chain = &chains[state.group];
        let version = version(chain);
        let revision = match (
            version.is_committed(),
            self.groups[state.group].is_instance(),
        ) {
            (true, _) => Some(version.revision()),
            (false, true) => None,
            (false, false) => Some(0),
        };
        let epoch = epoch(chain);
        Some(Arc::new(ViewList {
            revision: revision.map(|revision| Stamp { revision, epoch }),
            ..views.clone()
        }))
    }

    /// Gives those arguments that have no value their initial ones.
    #[cold]
    fn load_initial(&self, arguments: &mut Arguments) {
        for (number, group) in self.groups.iter().enumerate() {
            let some = self.may_be_of(number);
            let accesses = self.accesses[some.clone()].iter();
            let lacking = accesses.zip(&mut arguments.values[some]);
            let mut lacking = lacking
                .filter(|(access, value)| {
                    access.group == number && access.has_initial() && value.is_none()
                })
                .peekable();
            if lacking.peek().is_some() {
                let initial = group.initial_values();
                for (access, value) in lacking {
                    *value = initial.get(access.index).cloned();
                }
            }
        }
    }
}

impl Access {
    /// Whether the argument is a `&mut`, or a new value.
    pub(crate) fn is_exclusive(&self) -> bool {
        matches!(
            self.mode,
            AccessMode::Draft(_)
                | AccessMode::OptionalDraft(_)
                | AccessMode::InPlace(..)
                | AccessMode::Replace
                | AccessMode::Remove
        )
    }

    /// Whether a commit of it changes more than the value.
    pub(crate) fn needs_repair(&self) -> bool {
        self.is_exclusive() && !matches!(self.mode, AccessMode::Draft(_))
    }

    /// Whether its state may have no instance.
    fn is_optional(&self) -> bool {
        matches!(
            self.mode,
            AccessMode::OptionalRead | AccessMode::OptionalDraft(_)
        )
    }

    /// Whether it sees the initial value where nothing is committed.
    fn has_initial(&self) -> bool {
        self.is_loaded() && !self.is_optional()
    }

    fn is_loaded(&self) -> bool {
        !matches!(self.mode, AccessMode::Replace | AccessMode::Remove)
    }
}
