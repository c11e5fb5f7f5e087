//! The values of all states at one moment.
//!
//! Where memory has everything, all mutexes are locked, in the order that commits have, for as long as it takes to copy
//! pointers. An instance that was made meanwhile may belong to a commit that is seen elsewhere, so the keys are listed once
//! more while nothing can be committed, and what is new is locked as well. Where a store has the rows, its snapshot is the
//! moment.

use super::error::HostSnapshotError;
use crate::host::address;
use crate::lock::WaitPolicy;
use crate::state::{HostField, register};
use crate::store::{
    AnyKeySpace, ChainGuard, EntryRef, GroupHandle, GroupRef, Instance, InstanceList, LockGroup,
    StoredCut, Unavailable, Value,
};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// The values of all states at one moment, in the order of the host's fields.
pub(super) type Cut = Vec<FieldCut>;

/// The values of a field at one moment.
pub(super) enum FieldCut {
    /// The value of a state and its revision.
    Single(Value, u64),
    /// Of each instance that is committed: its key, its value and its revision.
    Keyed(Vec<(Vec<u8>, Value, u64)>),
}

/// Where the values of a field are.
enum Source {
    Single(Arc<LockGroup>, usize),
    Keyed(Arc<dyn InstanceList>, Arc<dyn AnyKeySpace>, usize),
}

/// How often a moment is looked for, with longer and longer pauses.
const ATTEMPTS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(1);

/// The values of all states at one moment.
pub(super) async fn cut(fields: &[HostField<'_>]) -> Result<Cut, HostSnapshotError> {
    let sources = sources(fields)?;
    let stored = sources.iter().find_map(|source| match source {
        Source::Single(group, _) => {
            let journal = group.chain().journal().cloned();
            StoredCut::of(&*journal?)
        }
        Source::Keyed(..) => None,
    });
    match stored.or_else(|| stored_keyed(&sources)) {
        Some(stored) => {
            let stored = stored.map_err(|reason| HostSnapshotError::Store { reason })?;
            off_the_workers(move || from_rows(&stored, &sources)).await
        }
        None => from_memory(&sources).await,
    }
}

fn sources(fields: &[HostField<'_>]) -> Result<Vec<Source>, HostSnapshotError> {
    use crate::store::ReadError;
    if fields.iter().any(|field| !field.is_registered()) {
        register(fields).map_err(ReadError::from)?;
    }
    let mut sources = Vec::with_capacity(fields.len());
    for field in fields {
        sources.push(match field {
            HostField::Single(cell) => {
                let address = address::find(cell, || fields.to_vec()).map_err(ReadError::from)?;
                Source::Single(Arc::clone(&address.group), address.index)
            }
            HostField::Keyed(keyed) => {
                let (list, index) = keyed.list().expect("it is registered");
                let (key_space, _) = keyed.key_space().expect("it is registered");
                Source::Keyed(list, key_space, index)
            }
        });
    }
    Ok(sources)
}

/// The store of a host that has keyed states only.
fn stored_keyed(sources: &[Source]) -> Option<Result<StoredCut, String>> {
    sources.iter().find_map(|source| match source {
        Source::Single(..) => None,
        Source::Keyed(_, key_space, _) => StoredCut::of(key_space.journal()?.as_ref()),
    })
}

/// Reading a store blocks a thread.
async fn off_the_workers<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, HostSnapshotError> + Send + 'static,
) -> Result<T, HostSnapshotError> {
    let (answer, answered) = oneshot::channel();
    let thread = std::thread::Builder::new().name("kr-snapshot".to_owned());
    let started = thread.spawn(move || drop(answer.send(work())));
    let failed = |reason: String| HostSnapshotError::Store { reason };
    started.map_err(|error| failed(error.to_string()))?;
    let answered = answered.await;
    answered.unwrap_or_else(|_| Err(failed("a panic while it was read".to_owned())))
}

fn from_rows(stored: &StoredCut, sources: &[Source]) -> Result<Cut, HostSnapshotError> {
    let failed = |reason: String| HostSnapshotError::Store { reason };
    let rows = stored.singles().map_err(failed)?;
    let mut cut = Cut::with_capacity(sources.len());
    for source in sources {
        cut.push(match source {
            Source::Single(group, index) => {
                let known = {
                    let chain = group.chain();
                    let version = chain.durable();
                    (version.values[*index].clone(), version.revision())
                };
                let row = rows.get(group.lock.key().as_str().as_bytes());
                let row = row.map(|row| group.read_row(row)).transpose();
                let row = row.map_err(failed)?;
                let kept = row.and_then(|mut row| {
                    let value = row.values.get_mut(*index)?.take()?;
                    Some((value, row.revision))
                });
                let (value, revision) = kept.unwrap_or(known);
                FieldCut::Single(value, revision)
            }
            Source::Keyed(_, key_space, index) => {
                let mut instances = Vec::new();
                let taken = stored.instances(&**key_space, |key, mut row| {
                    let value = row.values.get_mut(*index).and_then(Option::take);
                    instances.extend(value.map(|value| (key, value, row.revision)));
                });
                taken.map_err(failed)?;
                FieldCut::Keyed(instances)
            }
        });
    }
    Ok(cut)
}

async fn from_memory(sources: &[Source]) -> Result<Cut, HostSnapshotError> {
    use crate::store::ReadError;
    let mut policy = WaitPolicy::OF_LOCK;
    for attempt in 0..ATTEMPTS {
        match at_once(sources) {
            Ok(Some(cut)) => return Ok(cut),
            // Whoever waits for one of the mutexes has it first.
            Ok(None) => sleep(PAUSE * attempt).await,
            Err((group, Unavailable::Temporarily)) => {
                let waited = group.group().wait_until_available(&mut policy).await;
                waited.map_err(ReadError::from)?;
            }
            Err((group, damaged)) => {
                return Err(ReadError::from(group.group().unavailable(damaged)).into());
            }
        }
    }
    Err(HostSnapshotError::Busy)
}

/// The instances of each field.
type Instances = Vec<Vec<(Vec<u8>, EntryRef<Instance>)>>;

/// Copies pointers while nothing can be committed under any of the locks. `None`: somebody has the mutex of an instance that
/// was made meanwhile.
fn at_once(sources: &[Source]) -> Result<Option<Cut>, (GroupHandle, Unavailable)> {
    let additions = sources.iter().map(additions);
    let mut additions: Vec<u64> = additions.collect();
    let first: Instances = sources
        .iter()
        .map(|source| match source {
            Source::Single(..) => Vec::new(),
            Source::Keyed(list, ..) => list.in_memory(),
        })
        .collect();
    // Those that are made between the list and the locks, and then between one look and the next.
    let rounds: [OnceCell<Instances>; ROUNDS] = Default::default();
    let mut cut = Locked::default();
    for (source, instances) in sources.iter().zip(&first) {
        match source {
            Source::Single(group, _) => cut.groups.push(group),
            Source::Keyed(..) => cut
                .groups
                .extend(instances.iter().map(|(_, it)| it.group())),
        }
    }
    cut.lock_all();
    let mut known: Vec<&Instances> = vec![&first];
    let mut is_complete = false;
    for round in &rounds {
        let new = round.get_or_init(|| unknown(sources, &known, &mut additions));
        if new.iter().all(Vec::is_empty) {
            is_complete = true;
            break;
        }
        for (_, instance) in new.iter().flatten() {
            // In this order it could wait for somebody who waits for one of the others.
            if !cut.try_lock(instance.group()) {
                return Ok(None);
            }
        }
        known.push(new);
    }
    match is_complete {
        true => copy(sources, &known, &cut).map(Some),
        false => Ok(None),
    }
}

/// How often instances are looked for that were made meanwhile.
const ROUNDS: usize = 8;

/// How often an instance was added.
fn additions(source: &Source) -> u64 {
    match source {
        Source::Single(..) => 0,
        Source::Keyed(list, ..) => list.additions(),
    }
}

/// The instances that are not known yet. `seen` is how often one had been added before those that are known were listed.
fn unknown(sources: &[Source], known: &[&Instances], seen: &mut [u64]) -> Instances {
    let unknown = sources.iter().enumerate().map(|(number, source)| {
        let additions = additions(source);
        let Source::Keyed(list, ..) = source else {
            return Vec::new();
        };
        // Writers wait for this, so a look at all keys has to be worth it.
        if std::mem::replace(&mut seen[number], additions) == additions {
            return Vec::new();
        }
        let known = known.iter().flat_map(|instances| &instances[number]);
        let known: HashSet<&[u8]> = known.map(|(key, _)| &key[..]).collect();
        list.in_memory_if(&|key| !known.contains(key))
    });
    unknown.collect()
}

/// Lock groups whose mutexes are locked.
#[derive(Default)]
struct Locked<'g> {
    groups: Vec<&'g LockGroup>,
    chains: HashMap<*const LockGroup, ChainGuard<'g>>,
}

impl<'g> Locked<'g> {
    /// In the order in which commits lock them.
    fn lock_all(&mut self) {
        self.groups.sort_by_cached_key(|group| group.lock.key());
        self.groups
            .dedup_by(|one, other| std::ptr::eq(*one, *other));
        let chains = self.groups.iter();
        self.chains = chains
            .map(|group| (std::ptr::from_ref(*group), group.chain()))
            .collect();
    }

    /// Whether the mutex could be locked, or is locked already.
    fn try_lock(&mut self, group: &'g LockGroup) -> bool {
        let key = std::ptr::from_ref(group);
        if self.chains.contains_key(&key) {
            return true;
        }
        let chain = group.try_chain();
        chain.is_some_and(|chain| self.chains.insert(key, chain).is_none())
    }
}

fn copy(
    sources: &[Source],
    known: &[&Instances],
    locked: &Locked<'_>,
) -> Result<Cut, (GroupHandle, Unavailable)> {
    let value = |group: &LockGroup, index: usize| {
        let chain = &locked.chains[&std::ptr::from_ref(group)];
        if let Some(unavailable) = chain.unavailable(index) {
            return Err(unavailable);
        }
        let version = chain.durable();
        let value = version.values.get(index).cloned();
        Ok((value, version.revision(), version.is_committed()))
    };
    let mut cut = Cut::with_capacity(sources.len());
    for (number, source) in sources.iter().enumerate() {
        cut.push(match source {
            Source::Single(group, index) => {
                let found = value(group, *index);
                let found = found.map_err(|it| (GroupHandle::Single(Arc::clone(group)), it));
                let (found, revision, _) = found?;
                let found = found.expect("a state without a key has a value from the start");
                FieldCut::Single(found, revision)
            }
            Source::Keyed(_, _, index) => {
                let mut values = Vec::new();
                for (key, instance) in known.iter().flat_map(|it| &it[number]) {
                    let found = value(instance.group(), *index);
                    let found = found.map_err(|it| (GroupHandle::Instance(instance.clone()), it));
                    let (found, revision, is_committed) = found?;
                    // It may have been removed since it was listed.
                    if let (Some(found), true) = (found, is_committed) {
                        values.push((key.clone(), found, revision));
                    }
                }
                values.sort_by(|(one, ..), (other, ..)| one.cmp(other));
                FieldCut::Keyed(values)
            }
        });
    }
    Ok(cut)
}
