//! Finding one state of a host, registering the host first if that is necessary.

use crate::lock::LockError;
use crate::state::{Address, HostField, SharedState, StateCell, register};
use crate::store::{LockGroup, StateLock};
use crate::transaction::{AccessMode, AccessPlan, SingleState};
use std::marker::PhantomData;
use std::sync::Arc;

/// A plan for one state that outlives the call.
pub(super) type SinglePlan<'h> = AccessPlan<&'h Arc<LockGroup>, &'h StateLock>;

/// Where a state is. `fields` are those of its host.
#[inline]
pub(super) fn find<'c, 'h>(
    cell: &'c StateCell,
    fields: impl FnOnce() -> Vec<HostField<'h>>,
) -> Result<&'c Address, LockError> {
    if cell.address.get().is_none() {
        register(&fields())?;
    }
    let address = cell.address.get();
    Ok(address.expect("a registered state has an address"))
}

/// A state to change. The error is boxed, since it is in the future that the caller gets, and futures are moved around.
#[inline]
pub(super) fn single<'c, 'h, S: SharedState>(
    cell: &'c StateCell,
    fields: impl FnOnce() -> Vec<HostField<'h>>,
) -> Result<SingleState<&'c Arc<LockGroup>, S>, Box<LockError>> {
    let address = find(cell, fields)?;
    Ok(SingleState {
        group: &address.group,
        index: address.index,
        state: PhantomData,
    })
}

/// The plan for a call that replaces the value of a state.
pub(super) fn replacing<'c, 'h>(
    cell: &'c StateCell,
    fields: impl FnOnce() -> Vec<HostField<'h>>,
) -> Result<SinglePlan<'c>, LockError> {
    let address = find(cell, fields)?;
    let mut plan = AccessPlan::default();
    plan.add_access(&address.group, address.index, AccessMode::Replace);
    plan.add_lock(&*address.group.lock);
    Ok(plan)
}
