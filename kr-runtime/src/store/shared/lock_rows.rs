//! Asking a shared store for rows: to change them, or to read them.

use super::open_batch::{OpenBatch, RowLocks};
use super::shared_group::SharedGroup;
use super::shared_store::{RowLockError, RowRequest, SharedStore};
use crate::lock::{LockError, WaitPolicy};
use crate::store::availability::Unavailable;
use crate::store::group::LockGroup;
use crate::store::group_ref::GroupRef;
use crate::store::version::Stamp;
use futures_util::future::{BoxFuture, FutureExt, TryFutureExt, ready};
use std::sync::Arc;

/// Locks the rows of all these groups in the store, whose locks the caller holds, and loads their newest values. `is_alone`
/// says that the call takes its time.
#[cold]
pub(crate) fn lock_rows<G: GroupRef>(
    groups: &[G],
    is_alone: bool,
    policy: &mut WaitPolicy,
) -> BoxFuture<'static, Result<RowLocks, LockError>> {
    let entered = match is_alone {
        true => None,
        false => open_batch(groups).and_then(|batch| batch.enter()),
    };
    if let Some(rows) = entered {
        return ready(Ok(rows)).boxed();
    }
    // Nobody enters these any more: the caller holds the locks, and waits for the rows.
    for group in groups {
        let batch = group.group().chain().open_batch().cloned();
        if let Some(batch) = batch {
            batch.close();
        }
    }
    let store = match shared_store(groups) {
        Ok(store) => store,
        Err(error) => return ready(Err(error)).boxed(),
    };
    if let Some(error) = too_long(groups) {
        return ready(Err(error)).boxed();
    }
    let first = groups[0].group();
    let request = RowRequest {
        groups: handles(groups),
        is_alone,
        deadline: first.lock.deadline(policy),
    };
    let failed = failed(first, policy);
    store.lock_rows(request).map_err(failed).boxed()
}

/// Asks the store for what has changed in these groups. The result says what all of them were at one moment.
#[cold]
pub(crate) fn refresh<G: GroupRef>(
    groups: &[G],
    policy: &WaitPolicy,
) -> BoxFuture<'static, Result<Vec<Stamp>, LockError>> {
    let store = match shared_store(groups) {
        Ok(store) => store,
        Err(error) => return ready(Err(error)).boxed(),
    };
    if let Some(error) = too_long(groups) {
        return ready(Err(error)).boxed();
    }
    let failed = failed(groups[0].group(), policy);
    store.refresh(handles(groups)).map_err(failed).boxed()
}

fn handles<G: GroupRef>(groups: &[G]) -> Vec<Arc<dyn SharedGroup>> {
    let groups = groups.iter();
    groups
        .map(|group| Arc::new(group.handle()) as Arc<dyn SharedGroup>)
        .collect()
}

/// The error of a call that needs the rows of a group.
fn failed(
    group: &LockGroup,
    policy: &WaitPolicy,
) -> impl FnOnce(RowLockError) -> LockError + Send + 'static {
    let (lock, waited) = (group.lock.key().as_str().to_owned(), policy.timeout());
    move |error| match error {
        RowLockError::TimedOut => LockError::TimedOut {
            lock,
            waited,
            holder: Some(("another process".to_owned(), waited)),
        },
        RowLockError::Unavailable(reason) => LockError::StoreUnavailable { lock, reason },
    }
}

/// The batch that holds the rows of all groups.
fn open_batch<G: GroupRef>(groups: &[G]) -> Option<Arc<OpenBatch>> {
    let mut batches = groups
        .iter()
        .map(|group| group.group().chain().open_batch().cloned());
    let first = batches.next()??;
    let is_first =
        |batch: Option<Arc<OpenBatch>>| batch.is_some_and(|batch| Arc::ptr_eq(&batch, &first));
    batches.all(is_first).then_some(first)
}

/// The error of a key that no store keeps.
fn too_long<G: GroupRef>(groups: &[G]) -> Option<LockError> {
    let mut groups = groups.iter().map(GroupRef::group);
    groups.find_map(|group| {
        let length = group.chain().key_too_long()?;
        Some(group.unavailable(Unavailable::KeyTooLong(length)))
    })
}

/// The store of all groups.
fn shared_store<G: GroupRef>(groups: &[G]) -> Result<Arc<dyn SharedStore>, LockError> {
    let mut stores = groups
        .iter()
        .map(|group| group.group().chain().shared_store().cloned());
    let first = stores.next().flatten();
    let is_first = |store: Option<Arc<dyn SharedStore>>| match (&store, &first) {
        (Some(store), Some(first)) => Arc::ptr_eq(store, first),
        _ => false,
    };
    match stores.all(is_first) {
        true => first.ok_or(()),
        false => Err(()),
    }
    .map_err(|()| LockError::StoreUnavailable {
        lock: groups.first().map_or_else(String::new, |group| {
            group.group().lock.key().as_str().to_owned()
        }),
        reason: "the states of the call are in different stores; put them into one".to_owned(),
    })
}
