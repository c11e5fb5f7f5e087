//! A commit: drafts become the newest versions of their locks, all in one step.
//!
//! This is the only place where a value is committed. With the memory store readers see it at once. With any other store
//! it becomes the head of each lock's chain, and readers see it when the [journal](super::journal) has made it durable.

use super::CommitError;
use super::availability::{Availability, Damage};
use super::chain::Chain;
use super::commit_status::{Bases, CommitStatus, Durability};
use super::engine::{CommitRecord, LockRecord, RowChange};
use super::group::{ChainGuard, LockGroup};
use super::group_ref::{GroupHandle, GroupRef};
use super::log_entry::{Effect, LockId, LogEntry};
use super::responses::KeptResponse;
use super::stored::Unwritable;
use super::version::Values;
use crate::lock::{Held, LockRef};
use smallvec::SmallVec;
use std::sync::Arc;

/// What a call has come to that was to be committed.
#[must_use = "what a call has done may not be durable yet"]
pub(crate) enum Receipt {
    /// All that it has done or seen is durable. With the revision under the first of its locks; `None` if it changed
    /// nothing.
    Durable(Option<u64>),
    /// The store has not written it yet.
    Pending(Box<PendingCommit>),
}

/// A call whose commit, or what it has seen, the store has not written yet.
pub(crate) struct PendingCommit {
    /// As in [`Receipt::Durable`].
    pub(crate) revision: Option<u64>,
    pub(crate) durability: Durability,
}

impl Receipt {
    fn pending(revision: Option<u64>, durability: Durability) -> Self {
        Self::Pending(Box::new(PendingCommit {
            revision,
            durability,
        }))
    }

    /// Of a call that changed nothing. `bases` are the commits, not durable yet, whose values it has seen.
    pub(crate) fn unchanged(bases: Bases) -> Self {
        match bases.is_empty() {
            true => Self::Durable(None),
            false => Self::pending(None, Durability::Seen(bases)),
        }
    }

    /// The revision under the first of the locks; `None` if nothing was changed.
    pub(crate) fn revision(&self) -> Option<u64> {
        match self {
            Self::Durable(revision) => *revision,
            Self::Pending(pending) => pending.revision,
        }
    }

    /// Waits for the store. Dropping the future changes nothing: the store writes the commit all the same.
    pub(crate) async fn durable(self) -> Result<(), CommitError> {
        match self {
            Self::Durable(_) => Ok(()),
            Self::Pending(pending) => pending.durability.wait().await,
        }
    }

    /// As [`durable`](Self::durable), with a thread that waits.
    pub(crate) fn durable_blocking(self) -> Result<(), CommitError> {
        match self {
            Self::Durable(_) => Ok(()),
            Self::Pending(pending) => pending.durability.wait_blocking(),
        }
    }
}

/// The states of one lock that a commit changes otherwise than by a draft.
#[derive(Default)]
pub(crate) struct Repairs {
    /// They were checked out, and are back.
    pub(crate) in_place: SmallVec<[usize; 1]>,
    /// They have new values, whatever became of the old ones.
    pub(crate) replaced: SmallVec<[usize; 1]>,
    /// All of them are gone, and any damage with them.
    pub(crate) is_removal: bool,
}

/// The lock groups of a commit, with their numbers in the caller's plan: sorted by lock key, so that holding all of
/// their mutexes at once cannot deadlock.
pub(crate) trait Groups<'g, G: 'g>: Iterator<Item = (usize, &'g G)> + Clone {}

impl<'g, G: 'g, I: Iterator<Item = (usize, &'g G)> + Clone> Groups<'g, G> for I {}

/// Commits a change of one lock group or of several. `change` gives a group its new values, and `repairs` says what else
/// happens to it. `bases` are the commits, not durable yet, that the change started from. `response` is kept with it.
pub(crate) fn commit<'g, G: GroupRef + 'g>(
    groups: impl Groups<'g, G>,
    bases: Bases,
    mut change: impl FnMut(usize, &mut Values),
    repairs: impl Fn(usize) -> Repairs,
    response: Option<KeptResponse>,
) -> Result<Receipt, CommitError> {
    let mut chains: SmallVec<[ChainGuard<'g>; 1]> = groups
        .clone()
        .map(|(_, group)| group.group().chain())
        .collect();
    if !bases.is_empty() || chains.iter().any(|chain| chain.journal().is_some()) {
        let mut chains: SmallVec<[&mut Chain; 1]> =
            chains.iter_mut().map(|chain| &mut **chain).collect();
        return append(&mut chains, groups, bases, change, repairs, response);
    }
    let mut revisions = SmallVec::<[u64; 1]>::new();
    let mut availability_changed = false;
    for (chain, (index, group)) in chains.iter_mut().zip(groups.clone()) {
        let revision = chain.commit_now(|values| change(index, values));
        group.on_publish(revision, &chain.durable().values);
        availability_changed |= repairs(index).publish(chain);
        revisions.push(revision);
    }
    if let Some(response) = response {
        response.publish();
    }
    drop(chains);
    for ((_, group), revision) in groups.zip(&revisions) {
        group.group().announce(*revision);
        if availability_changed {
            group.group().notify_availability();
        }
    }
    Ok(Receipt::Durable(revisions.first().copied()))
}

/// As [`commit`], of a single lock group, and releases its lock in the same step. `base` is the commit, not durable yet,
/// that the change started from.
#[inline]
pub(crate) fn commit_and_release<G: GroupRef, L: LockRef<Value = Chain>>(
    held: Held<L>,
    group: &G,
    base: Option<Arc<CommitStatus>>,
    change: impl FnMut(&mut Values),
) -> Result<Receipt, CommitError> {
    let receipt = held.release(|chain| {
        if base.is_some() || chain.journal().is_some() {
            return append_one(chain, group, base, change);
        }
        let revision = chain.commit_now(change);
        group.on_publish(revision, &chain.durable().values);
        Ok(Receipt::Durable(Some(revision)))
    });
    if let Ok(Receipt::Durable(Some(revision))) = &receipt {
        group.group().announce(*revision);
    }
    receipt
}

#[cold]
fn append_one<G: GroupRef>(
    chain: &mut Chain,
    group: &G,
    base: Option<Arc<CommitStatus>>,
    mut change: impl FnMut(&mut Values),
) -> Result<Receipt, CommitError> {
    let bases = base.into_iter().collect();
    let groups = [(0, group)].into_iter();
    let change = |_, values: &mut Values| change(values);
    append(
        &mut [chain],
        groups,
        bases,
        change,
        |_| Repairs::default(),
        None,
    )
}

/// The commit becomes the head of its chains, whose mutexes are locked, and waits for the store.
#[cold]
fn append<'g, G: GroupRef + 'g>(
    chains: &mut [&mut Chain],
    groups: impl Groups<'g, G>,
    bases: Bases,
    mut change: impl FnMut(usize, &mut Values),
    repairs: impl Fn(usize) -> Repairs,
    response: Option<KeptResponse>,
) -> Result<Receipt, CommitError> {
    let journal = chains.first().and_then(|chain| chain.journal().cloned());
    let journal = journal.ok_or(CommitError::DifferentStores)?;
    let batch = chains.first().and_then(|chain| chain.open_batch().cloned());
    let is_of_journal = |chain: &&mut Chain| {
        chain
            .journal()
            .is_some_and(|other| Arc::ptr_eq(other, &journal))
    };
    if !chains.iter().all(is_of_journal) {
        return Err(CommitError::DifferentStores);
    }
    if bases.iter().any(|base| base.has_failed()) {
        return Err(CommitError::BaseNotWritten);
    }
    let status = Arc::new(CommitStatus::default());
    let mut locks = Vec::with_capacity(chains.len());
    let mut handles = Vec::with_capacity(chains.len());
    let mut all_repairs = Vec::with_capacity(chains.len());
    for (chain, (index, group)) in chains.iter_mut().zip(groups) {
        let appended = chain.append(&status, |values| change(index, values));
        let (revision, values) = appended.expect("a chain with a journal has a head");
        locks.push(LockRecord {
            key: group.group().lock.key().clone(),
            revision,
            values,
        });
        handles.push(group.handle());
        all_repairs.push(repairs(index));
    }
    let revisions: SmallVec<[u64; 1]> = locks.iter().map(|lock| lock.revision).collect();
    let entry = LogEntry {
        status: Arc::clone(&status),
        bases,
        record: CommitRecord {
            locks,
            response: response.as_ref().map(KeptResponse::record),
        },
        effect: Box::new(Outcome {
            groups: handles,
            repairs: all_repairs,
            response,
        }),
    };
    let appended = journal.append(entry, batch.as_deref());
    if let Err(error) = appended {
        for (chain, revision) in chains.iter_mut().zip(revisions) {
            drop(chain.discard(revision));
        }
        return Err(error);
    }
    Ok(Receipt::pending(
        revisions.first().copied(),
        Durability::Commit(status),
    ))
}

/// Keeps the response to a call that commits nothing else, whose first lock group this is.
#[cold]
pub(crate) fn commit_response(
    group: &LockGroup,
    bases: Bases,
    response: KeptResponse,
) -> Result<Receipt, CommitError> {
    let chain = group.chain();
    let (journal, batch) = (chain.journal().cloned(), chain.open_batch().cloned());
    drop(chain);
    let Some(journal) = journal else {
        response.publish();
        return Ok(Receipt::Durable(None));
    };
    let status = Arc::new(CommitStatus::default());
    let entry = LogEntry {
        status: Arc::clone(&status),
        bases,
        record: CommitRecord {
            locks: Vec::new(),
            response: Some(response.record()),
        },
        effect: Box::new(Outcome {
            groups: Vec::new(),
            repairs: Vec::new(),
            response: Some(response),
        }),
    };
    journal.append(entry, batch.as_deref())?;
    Ok(Receipt::pending(None, Durability::Commit(status)))
}

/// What a commit that waits for the store does when it is written.
struct Outcome {
    /// In the order of its record.
    groups: Vec<GroupHandle>,
    /// Of each of them.
    repairs: Vec<Repairs>,
    response: Option<KeptResponse>,
}

/// The versions under all locks of a commit. All mutexes are locked before the first chain is changed: readers see all of a
/// commit or nothing of it.
fn chains(groups: &[GroupHandle]) -> Vec<ChainGuard<'_>> {
    groups.iter().map(|group| group.group().chain()).collect()
}

impl Effect for Outcome {
    fn publish(self: Box<Self>, record: CommitRecord) {
        let Self {
            groups,
            repairs,
            response,
        } = *self;
        let revisions: SmallVec<[u64; 1]> = record.locks.iter().map(|lock| lock.revision).collect();
        let mut replaced = Vec::new();
        let mut chains = chains(&groups);
        for (((chain, group), lock), repairs) in chains
            .iter_mut()
            .zip(&groups)
            .zip(record.locks)
            .zip(&repairs)
        {
            group.on_publish(lock.revision, &lock.values);
            replaced.push(chain.publish(lock.revision, lock.values));
            repairs.publish(chain);
        }
        // Whoever sees the commit finds the response, and the other way round.
        if let Some(response) = response {
            response.publish();
        }
        drop(chains);
        for (group, revision) in groups.iter().zip(revisions) {
            group.group().announce(revision);
            group.group().notify_availability();
        }
        drop(replaced);
    }

    fn discard(self: Box<Self>, record: CommitRecord) {
        let mut dropped = Vec::new();
        let mut chains = chains(&self.groups);
        for (((chain, group), lock), repairs) in chains
            .iter_mut()
            .zip(&self.groups)
            .zip(&record.locks)
            .zip(&self.repairs)
        {
            group.on_discard(lock.revision);
            dropped.push(chain.discard(lock.revision));
            repairs.discard(chain);
        }
        drop(chains);
        for group in &self.groups {
            group.group().notify_availability();
        }
        drop((dropped, record));
    }

    fn lock_id(&self, number: usize) -> LockId {
        self.groups[number].id()
    }

    fn row(&self, number: usize, lock: &LockRecord) -> Result<Option<RowChange>, Unwritable> {
        self.groups[number].next_row(lock.revision, &lock.values)
    }
}

impl Repairs {
    /// Returns whether the values can be had otherwise than before.
    fn publish(&self, chain: &mut Chain) -> bool {
        if !self.in_place.is_empty() || self.is_removal {
            chain.availability = chain.available();
        }
        for index in &self.replaced {
            chain.clear_damage(*index);
        }
        !self.in_place.is_empty() || !self.replaced.is_empty() || self.is_removal
    }

    /// A value that was changed in place is neither the old one nor one that was kept.
    fn discard(&self, chain: &mut Chain) {
        if !self.in_place.is_empty() {
            chain.availability = Availability::Damaged(Arc::new(Damage {
                states: self.in_place.clone(),
                reason: "the store did not keep a change in place".to_owned(),
            }));
        }
    }
}
