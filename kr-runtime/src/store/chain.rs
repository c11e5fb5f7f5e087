//! The versions of one lock's states: the durable one, which readers see, and the newest one, which the next writer sees.
//!
//! With the memory store they are the same. With any other store a commit becomes the *head*, the newest version, at
//! once, and the durable version when the store has written it.

use super::availability::{Availability, Damage, Unavailable};
use super::commit_status::CommitStatus;
use super::journal::Journal;
use super::version::{Value, Values, Version};
use std::mem;
use std::sync::Arc;

/// The versions of one lock's states, and whether their values can be had.
#[derive(Default)]
pub(crate) struct Chain {
    durable: Version,
    pub(super) availability: Availability,
    /// Not with the memory store.
    pending: Option<Box<Pending>>,
}

/// What a store adds that does not write at once.
struct Pending {
    journal: Arc<Journal>,
    /// The newest version, if it is not durable.
    head: Option<Head>,
    /// The number of the last commit, whatever became of it: none is used twice.
    last_revision: u64,
    /// How often the head was dropped. Commits of another generation are not on top of what is there now.
    generation: u64,
}

struct Head {
    version: Version,
    status: Arc<CommitStatus>,
}

/// A commit that has become the head.
pub(crate) struct Appended {
    pub(crate) revision: u64,
    pub(crate) values: Values,
    pub(crate) generation: u64,
}

impl Chain {
    /// What readers see.
    pub(crate) fn durable(&self) -> &Version {
        &self.durable
    }

    /// What the next writer starts from. Only for the holder of the lock.
    pub(crate) fn newest(&self) -> &Version {
        match self.pending.as_deref() {
            Some(Pending {
                head: Some(head), ..
            }) => &head.version,
            _ => &self.durable,
        }
    }

    /// The commit that left the newest version, if that is not durable yet.
    pub(crate) fn head_status(&self) -> Option<&Arc<CommitStatus>> {
        let head = self.pending.as_ref()?.head.as_ref()?;
        Some(&head.status)
    }

    /// Where commits go that are not durable at once.
    pub(crate) fn journal(&self) -> Option<&Arc<Journal>> {
        self.pending.as_ref().map(|pending| &pending.journal)
    }

    /// Says which store writes the commits from now on. Returns whether that is so: a chain stays with its first store.
    pub(crate) fn attach(&mut self, journal: &Arc<Journal>) -> bool {
        let revision = self.durable.revision;
        let pending = self.pending.get_or_insert_with(|| {
            Box::new(Pending {
                journal: Arc::clone(journal),
                head: None,
                last_revision: revision,
                generation: 0,
            })
        });
        Arc::ptr_eq(&pending.journal, journal)
    }

    /// Says that revisions go on from that number.
    pub(crate) fn start_at(&mut self, revision: u64) {
        self.durable.revision = revision;
    }

    /// Adds a state with its initial value. Returns its index.
    pub(crate) fn add_state(&mut self, initial: &Value) -> usize {
        if let Some(pending) = &mut self.pending
            && let Some(head) = &mut pending.head
        {
            head.version.values.push(Arc::clone(initial));
        }
        self.durable.values.push(Arc::clone(initial));
        self.durable.values.len() - 1
    }

    /// Gives those states that have no value their initial ones. Only for the holder of the lock.
    pub(crate) fn fill(&mut self, initial: Values) {
        let newest = match &mut self.pending {
            Some(pending) => match &mut pending.head {
                Some(head) => &mut head.version,
                None => &mut self.durable,
            },
            None => &mut self.durable,
        };
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
        self.durable.is_committed = !self.durable.values.is_empty();
        self.durable.revision += 1;
        self.durable.revision
    }

    /// Makes a change the head. `None` if its store is memory, which has no head.
    pub(crate) fn append(
        &mut self,
        status: &Arc<CommitStatus>,
        change: impl FnOnce(&mut Values),
    ) -> Option<Appended> {
        let mut values = self.newest().values.clone();
        change(&mut values);
        let pending = self.pending.as_mut()?;
        pending.last_revision += 1;
        let revision = pending.last_revision;
        let head = Head {
            version: Version::committed(revision, values.clone()),
            status: Arc::clone(status),
        };
        // What the replaced head held is held by its entry in the journal as well, so nothing is freed here.
        pending.head = Some(head);
        Some(Appended {
            revision,
            values,
            generation: pending.generation,
        })
    }

    /// A commit is durable. Returns what it replaced, to be freed outside the mutex.
    pub(crate) fn publish(&mut self, revision: u64, values: Values) -> (Version, Option<Version>) {
        let replaced = mem::replace(&mut self.durable, Version::committed(revision, values));
        let head = self.pending.as_mut().and_then(|pending| {
            let head = pending
                .head
                .take_if(|head| head.version.revision == revision)?;
            Some(head.version)
        });
        (replaced, head)
    }

    /// A commit of that generation was dropped, and with it all that was made on top of it. Returns what is to be freed
    /// outside the mutex.
    pub(crate) fn discard(&mut self, generation: u64) -> Option<Version> {
        let pending = self.pending.as_mut()?;
        if pending.generation != generation {
            return None;
        }
        pending.generation += 1;
        pending.head.take().map(|head| head.version)
    }

    /// Why a value cannot be had now.
    pub(crate) fn unavailable(&self, index: usize) -> Option<Unavailable> {
        self.availability.of(index)
    }

    /// Whether nothing is changed in place or damaged.
    pub(crate) fn is_available(&self) -> bool {
        matches!(self.availability, Availability::Available)
    }

    /// As [`unavailable`](Self::unavailable), for the holder of the lock: a value that was changed in place is the head's
    /// until it is durable.
    pub(crate) fn unavailable_to_writer(&self, index: usize) -> Option<Unavailable> {
        match self.availability.of(index)? {
            Unavailable::Temporarily if self.head_status().is_some() => None,
            unavailable => Some(unavailable),
        }
    }

    /// A state has got a new value, so it is no longer damaged.
    pub(super) fn clear_damage(&mut self, index: usize) {
        let Availability::Damaged(damage) = &self.availability else {
            return;
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
            true => Availability::Available,
            false => Availability::Damaged(Arc::new(rest)),
        };
    }
}
