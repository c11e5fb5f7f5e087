//! Putting a snapshot back, as one change over all locks or not at all.

use super::error::HostSnapshotError;
use super::snapshot::{Content, HostSnapshot, StateContent, take};
use crate::host::OwnedPlan;
use crate::host::address;
use crate::lock::{CallSite, WaitPolicy};
use crate::state::{HostField, StateType};
use crate::store::{
    AnyKeySpace, EntryRef, GroupHandle, GroupRef, Instance, InstanceList, ReadError, StateLockRef,
    UpdateError, Value, key_to_json,
};
use crate::transaction::{Access, AccessMode, RunIn, Transaction};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

/// What putting a snapshot back would do, and to which revisions: [`Host::restore_all`](crate::Host::restore_all) does it
/// if nothing has been committed since.
pub struct RestorePreview {
    snapshot: HostSnapshot,
    now: HostSnapshot,
}

/// What was put back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Restored {
    /// How many states without a key.
    pub states: usize,
    /// How many instances of keyed states.
    pub instances: usize,
    /// How many instances were removed, because the snapshot does not have them.
    pub removed: usize,
}

/// What putting it back would do.
pub(crate) async fn preview(
    fields: Vec<HostField<'_>>,
    snapshot: HostSnapshot,
) -> Result<RestorePreview, HostSnapshotError> {
    let now = take(fields).await?;
    Ok(RestorePreview { snapshot, now })
}

impl RestorePreview {
    /// The snapshot that would be put back.
    #[must_use]
    pub fn snapshot(&self) -> &HostSnapshot {
        &self.snapshot
    }

    /// What is there now: written to a file, it undoes the restore.
    #[must_use]
    pub fn now(&self) -> &HostSnapshot {
        &self.now
    }

    /// Tells the moment of the preview from all others.
    pub(crate) fn seen(&self) -> String {
        self.now.fingerprint()
    }

    fn before(&self, state: &StateContent) -> Option<&StateContent> {
        let mut now = self.now.states.iter();
        now.find(|it| it.state.name == state.state.name)
    }
}

impl fmt::Debug for RestorePreview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RestorePreview")
            .field("snapshot", &self.snapshot)
            .field("now", &self.now)
            .finish()
    }
}

/// What happens under one lock.
struct GroupChange {
    group: GroupHandle,
    /// The revision that the preview has seen; `None` if there was no instance.
    seen: Option<u64>,
    /// New values by their indices. None at all removes the instance.
    values: Vec<(usize, Value)>,
}

/// By the names of the locks, in whose order they are taken.
type Changes = BTreeMap<String, GroupChange>;

/// Puts a snapshot back, unless something has moved since the preview.
pub(crate) async fn restore_all(
    fields: Vec<HostField<'_>>,
    preview: RestorePreview,
    call_site: CallSite,
) -> Result<Restored, HostSnapshotError> {
    let (changes, restored) = changes(&fields, &preview)?;
    let counts = counts(&fields, &preview);
    drop(fields);
    let (mut plan, mut values, mut seen) = (OwnedPlan::default(), Vec::new(), Vec::new());
    plan.is_by_group = true;
    for (number, (_, change)) in changes.into_iter().enumerate() {
        plan.locks.push(StateLockRef::Of(change.group.clone()));
        if change.values.is_empty() {
            plan.accesses.push(Access {
                group: number,
                index: 0,
                mode: AccessMode::Remove,
            });
            values.push(None);
        }
        for (index, value) in change.values {
            plan.accesses.push(Access {
                group: number,
                index,
                mode: AccessMode::Replace,
            });
            values.push(Some(value));
        }
        plan.groups.push(change.group);
        seen.push(change.seen);
    }
    let mut policy = WaitPolicy::OF_LOCK;
    let plan = Arc::new(plan);
    let transaction = Transaction::begin(
        Arc::clone(&plan),
        call_site,
        RunIn::SpawnedTask,
        &mut policy,
    )
    .await;
    let mut transaction = transaction.map_err(UpdateError::from)?;
    transaction.set_task();
    for (group, seen) in plan.groups.iter().zip(seen) {
        let chain = group.group().chain();
        let newest = chain.newest();
        let now = (newest.is_committed() || !group.is_instance()).then_some(newest.revision());
        if now != seen {
            let place = group.group().lock.key().as_str().to_owned();
            return Err(HostSnapshotError::Moved { place });
        }
    }
    // Instances that were made since the preview are under no lock of the plan. All others are locked, so it is enough to
    // count.
    for (state, key_space, seen) in counts {
        if key_space.count().await? != seen {
            return Err(HostSnapshotError::Moved {
                place: format!("state `{state}`"),
            });
        }
    }
    for (index, value) in values.into_iter().enumerate() {
        if let Some(value) = value {
            transaction.arguments.replace_at(index, value);
        }
    }
    let receipt = transaction.finish(true).map_err(UpdateError::from)?;
    drop(transaction);
    receipt.durable().await.map_err(UpdateError::from)?;
    Ok(restored)
}

/// The keyed states that are put back, with how many instances the preview has seen of each.
fn counts(
    fields: &[HostField<'_>],
    preview: &RestorePreview,
) -> Vec<(&'static str, Arc<dyn AnyKeySpace>, usize)> {
    let counts = restored_fields(fields, preview).filter_map(|(state, field)| match field {
        HostField::Keyed(keyed) => {
            let (key_space, _) = keyed.key_space()?;
            let seen = match &preview.before(state)?.content {
                Content::Keyed(instances) => instances.len(),
                Content::Single(..) => 0,
            };
            Some((state.state.name, key_space, seen))
        }
        HostField::Single(_) => None,
    });
    counts.collect()
}

fn restored_fields<'p, 'h: 'p>(
    fields: &'p [HostField<'h>],
    preview: &'p RestorePreview,
) -> impl Iterator<Item = (&'p StateContent, &'p HostField<'h>)> {
    preview.snapshot.states.iter().filter_map(|state| {
        let mut fields = fields.iter();
        let field = fields.find(|field| field.state_type().name == state.state.name);
        Some((state, field?))
    })
}

fn changes(
    fields: &[HostField<'_>],
    preview: &RestorePreview,
) -> Result<(Changes, Restored), HostSnapshotError> {
    let mut changes = Changes::new();
    let mut restored = Restored::default();
    let mut removals = Vec::new();
    for (state, field) in restored_fields(fields, preview) {
        let before = preview.before(state).map(|it| &it.content);
        match (&state.content, field, before) {
            (
                Content::Single(value, _),
                HostField::Single(cell),
                Some(Content::Single(_, seen)),
            ) => {
                let address = address::find(cell, || fields.to_vec()).map_err(ReadError::from)?;
                let group = GroupHandle::Single(Arc::clone(&address.group));
                let change = (address.index, Arc::clone(value));
                add(&mut changes, group, Some(*seen), change);
                restored.states += 1;
            }
            (Content::Keyed(instances), HostField::Keyed(keyed), Some(Content::Keyed(before))) => {
                let (list, index) = keyed.list().expect("it was there at the preview");
                let mut seen: HashMap<&[u8], u64> = before
                    .iter()
                    .map(|(key, _, revision)| (&key[..], *revision))
                    .collect();
                for (key, value, _) in instances {
                    let instance = instance(&*list, state.state, key)?;
                    let group = GroupHandle::Instance(instance);
                    let change = (index, Arc::clone(value));
                    add(&mut changes, group, seen.remove(&key[..]), change);
                    restored.instances += 1;
                }
                for (key, revision) in seen {
                    removals.push((instance(&*list, state.state, key)?, revision));
                }
            }
            _ => {}
        }
    }
    // An instance is all states of its key: it stays if another one of them is put back.
    for (instance, revision) in removals {
        let name = instance.group().lock.key().as_str().to_owned();
        changes.entry(name).or_insert_with(|| {
            restored.removed += 1;
            GroupChange {
                group: GroupHandle::Instance(instance),
                seen: Some(revision),
                values: Vec::new(),
            }
        });
    }
    Ok((changes, restored))
}

fn instance(
    list: &dyn InstanceList,
    state: StateType,
    key: &[u8],
) -> Result<EntryRef<Instance>, HostSnapshotError> {
    list.get_or_create(key).ok_or_else(|| {
        let shown = key_to_json(state.lock, key).unwrap_or(Json::Null);
        HostSnapshotError::Unreadable {
            place: super::form::place(state.name, Some(&shown)),
            reason:
                "its key is none of this state; write `read_stored` for a `LockKey` of your own"
                    .to_owned(),
        }
    })
}

fn add(changes: &mut Changes, group: GroupHandle, seen: Option<u64>, value: (usize, Value)) {
    let name = group.group().lock.key().as_str().to_owned();
    let change = changes.entry(name).or_insert_with(|| GroupChange {
        group,
        seen,
        values: Vec::new(),
    });
    change.values.push(value);
}
