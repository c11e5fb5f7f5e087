//! Putting and removing instances of keyed states, whatever the type of the key is.

use crate::lock::{CallSite, WaitPolicy};
use crate::store::{EntryRef, Instance, StateLock, UpdateError, Value};
use crate::transaction::{AccessMode, AccessPlan, RunIn, Transaction, update};

pub(super) type InstancePlan<'i> = AccessPlan<&'i EntryRef<Instance>, &'i StateLock>;

/// Puts another value in a state's place.
pub(super) async fn put(
    instance: &EntryRef<Instance>,
    index: usize,
    value: Value,
    call_site: CallSite,
) -> Result<(), UpdateError> {
    let mut plan = InstancePlan::default();
    plan.add_access(instance, index, AccessMode::Replace);
    plan.add_lock(&*instance.group().lock);
    update(&plan, call_site, |arguments| {
        arguments.replace(value);
        Ok(())
    })
    .await
}

/// Removes an instance. Returns whether there was one.
pub(crate) async fn remove(
    instance: EntryRef<Instance>,
    call_site: CallSite,
) -> Result<bool, UpdateError> {
    let mut plan = InstancePlan::default();
    plan.add_access(&instance, 0, AccessMode::Remove);
    plan.add_lock(&*instance.group().lock);
    let mut policy = WaitPolicy::OF_LOCK;
    let mut transaction =
        Transaction::begin(&plan, call_site, RunIn::CurrentTask, &mut policy).await?;
    let is_there = instance.group().chain().newest().is_committed();
    let receipt = transaction.finish(is_there)?;
    drop(transaction);
    receipt.durable().await?;
    Ok(is_there)
}
