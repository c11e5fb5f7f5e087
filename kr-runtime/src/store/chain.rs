//! The versions of one lock's states: the durable one, which readers see, and the newest one, which the next writer sees.
//!
//! With the memory store they are the same. With any other store a commit becomes the *head*, the newest version, at
//! once, and the durable version when the store has written it. Between the two there may be any number of others:
//!
//! ```text
//! durable     pending                          head
//! 17     <─   18 (being written)   <─   19 <─   20      each was made from the one before
//! ```
//!
//! If 18 is written, it is the durable version. If it is not, 18, 19 and 20 are dropped, and 17 is the newest version again.

use super::availability::{Availability, Damage, Unavailable};
use super::commit_status::CommitStatus;
use super::journal::Journal;
use super::shared::SharedRow;
use super::stored::{OtherState, ReadRow, Schema};
use super::stored_counters::CounterKeeper;
use super::version::{Stamp, Value, Values, Version};
use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

/// The versions of one lock's states, and whether their values can be had.
#[derive(Default)]
pub(crate) struct Chain {
    pub(super) durable: Version,
    pub(super) availability: Availability,
    /// Not with the memory store.
    pub(super) pending: Option<Box<Pending>>,
}

/// What a store adds that does not write at once.
pub(super) struct Pending {
    pub(super) journal: Arc<Journal>,
    /// The versions that are not durable yet, in the order of their revisions; the last one is the head.
    pub(super) versions: VecDeque<PendingVersion>,
    /// The number of the last commit, whatever became of it: none is used twice.
    pub(super) last_revision: u64,
    /// How the states are kept.
    pub(super) schema: Arc<Schema>,
    /// Of the durable version; see [`Chain::durable_epoch`].
    pub(super) durable_epoch: u64,
    /// What a [shared](super::shared) store adds.
    pub(super) shared: SharedRow,
    /// States in the row that the program does not have.
    pub(super) other: Arc<[OtherState]>,
    /// About what the values take up in memory.
    pub(super) bytes: usize,
    /// If there are counters in the values.
    pub(super) counter_keeper: Option<Arc<CounterKeeper>>,
}

pub(super) struct PendingVersion {
    version: Version,
    /// The commit that left it.
    status: Arc<CommitStatus>,
}

impl Chain {
    /// What readers see.
    pub(crate) fn durable(&self) -> &Version {
        &self.durable
    }

    /// What the next writer starts from. Only for the holder of the lock.
    pub(crate) fn newest(&self) -> &Version {
        self.head().map_or(&self.durable, |head| &head.version)
    }

    /// The commit that left the newest version, if that is not durable yet.
    pub(crate) fn head_status(&self) -> Option<&Arc<CommitStatus>> {
        self.head().map(|head| &head.status)
    }

    fn head(&self) -> Option<&PendingVersion> {
        self.pending.as_ref()?.versions.back()
    }

    fn newest_mut(&mut self) -> &mut Version {
        let pending = self.pending.as_mut();
        match pending.and_then(|pending| pending.versions.back_mut()) {
            Some(head) => &mut head.version,
            None => &mut self.durable,
        }
    }

    /// The revision that the next commit makes. Only for the holder of the lock: nobody else commits meanwhile.
    pub(crate) fn next_revision(&self) -> u64 {
        let pending = self.pending.as_ref();
        1 + pending.map_or(self.durable.revision(), |pending| pending.last_revision)
    }

    /// Where commits go that are not durable at once.
    pub(crate) fn journal(&self) -> Option<&Arc<Journal>> {
        self.pending.as_ref().map(|pending| &pending.journal)
    }

    /// Says which store writes the commits from now on. Returns whether that is so: a chain stays with its first store.
    pub(crate) fn attach(&mut self, journal: &Arc<Journal>, schema: &Arc<Schema>) -> bool {
        let revision = self.durable.revision();
        let pending = self.pending.get_or_insert_with(|| {
            Box::new(Pending {
                journal: Arc::clone(journal),
                versions: VecDeque::new(),
                last_revision: revision,
                schema: Arc::clone(schema),
                durable_epoch: 0,
                shared: SharedRow::default(),
                other: Arc::default(),
                bytes: 0,
                counter_keeper: None,
            })
        });
        let is_own = Arc::ptr_eq(&pending.journal, journal);
        if is_own && journal.shared().is_some() {
            self.availability = Availability::Shared;
        }
        is_own
    }

    /// What tells the durable revision from the same number in another life of the state: after a restored backup, or
    /// where an initial value was replaced. 0 stands for the life of the process.
    pub(crate) fn durable_epoch(&self) -> u64 {
        let pending = self.pending.as_ref();
        pending.map_or(0, |pending| pending.durable_epoch)
    }

    pub(super) fn set_durable_epoch(&mut self, epoch: u64) {
        if let Some(pending) = &mut self.pending {
            pending.durable_epoch = epoch;
        }
    }

    /// As [`durable_epoch`](Self::durable_epoch), of the newest version.
    pub(crate) fn newest_epoch(&self) -> u64 {
        match &self.pending {
            Some(pending) if !pending.versions.is_empty() => pending.journal.epoch(),
            _ => self.durable_epoch(),
        }
    }

    /// As [`durable_epoch`](Self::durable_epoch), of the next commit.
    pub(crate) fn next_epoch(&self) -> u64 {
        let pending = self.pending.as_ref();
        pending.map_or(0, |pending| pending.journal.epoch())
    }

    /// How the states are kept; `None` with the memory store.
    pub(super) fn schema(&self) -> Option<&Arc<Schema>> {
        self.pending.as_ref().map(|pending| &pending.schema)
    }

    /// States in the row that the program does not have.
    pub(super) fn other_states(&self) -> Arc<[OtherState]> {
        let pending = self.pending.as_ref();
        pending
            .map(|pending| Arc::clone(&pending.other))
            .unwrap_or_default()
    }

    /// Says what the values take up in memory. Returns what they took before.
    pub(super) fn set_bytes(&mut self, bytes: usize) -> usize {
        let pending = self.pending.as_mut();
        pending.map_or(0, |pending| mem::replace(&mut pending.bytes, bytes))
    }

    /// What tells the store of counts.
    pub(super) fn counter_keeper(&self) -> Option<Arc<CounterKeeper>> {
        self.pending.as_ref()?.counter_keeper.clone()
    }

    pub(super) fn set_counter_keeper(&mut self, keeper: Arc<CounterKeeper>) {
        if let Some(pending) = &mut self.pending {
            pending.counter_keeper = Some(keeper);
        }
    }

    /// What the values take up in memory.
    pub(super) fn bytes(&self) -> usize {
        self.pending.as_ref().map_or(0, |pending| pending.bytes)
    }

    /// Whether the store has been asked for the values.
    pub(super) fn is_loading(&self) -> bool {
        matches!(self.availability, Availability::Loading)
    }

    /// Whether a commit waits for the store.
    pub(super) fn is_pending(&self) -> bool {
        self.head().is_some()
    }

    /// Takes what a store has kept. `initial` are the values of those states that it does not have.
    pub(super) fn load(&mut self, row: ReadRow, initial: Values) {
        let Some(pending) = &mut self.pending else {
            return;
        };
        let values = row.values.into_iter().zip(initial);
        self.durable = Version::committed(
            row.revision,
            values
                .map(|(kept, initial)| kept.unwrap_or(initial))
                .collect(),
        );
        if pending.versions.is_empty() {
            pending.last_revision = row.revision;
        }
        pending.durable_epoch = row.epoch;
        pending.other = row.other.into();
        self.set_known(Stamp {
            revision: row.revision,
            epoch: row.epoch,
        });
    }

    /// Says that revisions go on from that number.
    pub(crate) fn start_at(&mut self, revision: u64) {
        self.durable.start_at(revision);
        if let Some(pending) = &mut self.pending {
            pending.last_revision = pending.last_revision.max(revision);
        }
    }

    /// Adds a state with its initial value. Returns its index.
    pub(crate) fn add_state(&mut self, initial: &Value) -> usize {
        let pending = self.pending.iter_mut();
        for pending in pending.flat_map(|pending| &mut pending.versions) {
            pending.version.values.push(Arc::clone(initial));
        }
        self.durable.values.push(Arc::clone(initial));
        self.durable.values.len() - 1
    }

    /// Gives those states that have no value their initial ones. Only for the holder of the lock.
    pub(crate) fn fill(&mut self, initial: Values) {
        let newest = self.newest_mut();
        let known = newest.values.len();
        newest.values.extend(initial.into_iter().skip(known));
    }

    /// Takes a value out, to be changed in place. Only while there is no head.
    pub(super) fn replace_value(&mut self, index: usize, value: Value) -> Value {
        mem::replace(&mut self.durable.values[index], value)
    }

    /// The value at an index, to see whether anybody reads it.
    pub(super) fn value_mut(&mut self, index: usize) -> &mut Value {
        &mut self.durable.values[index]
    }

    /// Commits a change that is durable at once. Returns the revision that this makes.
    pub(crate) fn commit_now(&mut self, change: impl FnOnce(&mut Values)) -> u64 {
        change(&mut self.durable.values);
        self.durable.count_commit()
    }

    /// Makes a change the head. Returns its revision and values; `None` if the store is memory, where there is no head.
    pub(crate) fn append(
        &mut self,
        status: &Arc<CommitStatus>,
        change: impl FnOnce(&mut Values),
    ) -> Option<(u64, Values)> {
        let mut values = self.newest().values.clone();
        change(&mut values);
        let pending = self.pending.as_mut()?;
        pending.last_revision += 1;
        let revision = pending.last_revision;
        pending.versions.push_back(PendingVersion {
            version: Version::committed(revision, values.clone()),
            status: Arc::clone(status),
        });
        Some((revision, values))
    }

    /// A commit is durable. Returns what it replaced, to be freed outside the mutex.
    pub(crate) fn publish(&mut self, revision: u64, values: Values) -> Version {
        let is_known = self.pending.as_mut().is_some_and(|pending| {
            let own = Stamp {
                revision,
                epoch: pending.journal.epoch(),
            };
            let known = pending.shared.known;
            let is_known =
                known.is_some_and(|known| known.epoch == own.epoch && known.revision >= revision);
            if !is_known && pending.journal.shared().is_some() {
                pending.shared.known = Some(own);
                pending.shared.generation += 1;
            }
            is_known
        });
        // A reader has asked the store before the store has told us of the commit.
        if is_known {
            let pending = self.pending.as_mut();
            if let Some(pending) = pending {
                let versions = &mut pending.versions;
                versions.pop_front_if(|first| first.version.revision() == revision);
            }
            return Version::committed(revision, values);
        }
        let mut published = Version::committed(revision, values);
        let first = self.pending.as_mut().and_then(|pending| {
            pending.durable_epoch = pending.journal.epoch();
            let versions = &mut pending.versions;
            versions.pop_front_if(|first| first.version.revision() == revision)
        });
        // The next writer may have given a removed instance its initial values again.
        if published.values.is_empty()
            && let Some(first) = first
        {
            published.values = first.version.values;
        }
        mem::replace(&mut self.durable, published)
    }

    /// A commit was dropped, and so is every version that was made from it. Returns those, to be freed outside the mutex.
    pub(crate) fn discard(&mut self, revision: u64) -> impl Sized + use<> {
        let pending = self.pending.as_mut()?;
        let mut versions = pending.versions.iter();
        // If it is not there, one that it was made from was dropped before it.
        let first = versions.position(|version| version.version.revision() == revision)?;
        Some(pending.versions.split_off(first))
    }

    /// Why a value cannot be had now.
    #[inline]
    pub(crate) fn unavailable(&self, index: usize) -> Option<Unavailable> {
        match self.availability {
            Availability::Available => None,
            _ => self.unavailable_now(index),
        }
    }

    #[cold]
    fn unavailable_now(&self, index: usize) -> Option<Unavailable> {
        let unavailable = self.availability.of(index)?;
        Some(self.or_shared(unavailable))
    }

    /// The newest version, if the store is memory and nothing is changed in place or damaged: all of its values can be had,
    /// and all of them are durable.
    #[inline]
    pub(crate) fn newest_if_simple(&self) -> Option<&Version> {
        match (&self.pending, &self.availability) {
            (None, Availability::Available) => Some(&self.durable),
            _ => None,
        }
    }

    /// As [`unavailable`](Self::unavailable), for the holder of the lock: a value that was changed in place is the head's
    /// until it is durable.
    pub(crate) fn unavailable_to_writer(&self, index: usize) -> Option<Unavailable> {
        match self.availability.of(index)? {
            Unavailable::Temporarily if self.head_status().is_some() => None,
            unavailable => Some(self.or_shared(unavailable)),
        }
    }

    /// A state has got a new value, so it is no longer damaged.
    pub(super) fn clear_damage(&mut self, index: usize) {
        let damage = match &self.availability {
            Availability::Damaged(damage) => damage,
            // It is the only state of its lock, or it could not have been replaced.
            Availability::Unreadable(_) | Availability::Unreachable(_) => {
                self.availability = self.available();
                return;
            }
            _ => return,
        };
        let rest = damage
            .states
            .iter()
            .copied()
            .filter(|state| *state != index);
        let rest = Damage {
            states: rest.collect(),
            reason: damage.reason.clone(),
        };
        self.availability = match rest.states.is_empty() {
            true => self.available(),
            false => Availability::Damaged(Arc::new(rest)),
        };
    }
}
